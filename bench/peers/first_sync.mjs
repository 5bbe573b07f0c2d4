// First sync with imapflow and mailparser, as their manuals show it: fetch everything, parse each mail, keep nothing.
// Prints one line of JSON. Arguments: host, port, user, password.

import { ImapFlow } from "imapflow";
import { simpleParser } from "mailparser";

const [host, port, user, pass] = process.argv.slice(2);
const found = { mails: 0, files: 0, seconds: 0, cpu: 0 };

const started = performance.now();
const cpuBefore = process.cpuUsage();
const client = new ImapFlow({ host, port: Number(port), secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false });
await client.connect();
await client.mailboxOpen("INBOX");
for await (const message of client.fetch("1:*", { source: true })) {
    const mail = await simpleParser(message.source);
    found.mails += 1;
    found.files += mail.attachments.length;
}
found.seconds = (performance.now() - started) / 1000;
const { user: inProgram, system } = process.cpuUsage(cpuBefore);
found.cpu = (inProgram + system) / 1e6;
await client.logout();
console.log(JSON.stringify(found));
