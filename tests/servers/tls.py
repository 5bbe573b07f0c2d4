"""One throw-away certificate authority for the run, so that TLS is checked for real and never switched off."""

import ssl
from functools import cached_property
from pathlib import Path

import trustme


class LoopbackTls:
    """A certificate for `localhost` and 127.0.0.1 as files in `directory`, and the contexts of both sides."""

    def __init__(self, directory: Path) -> None:
        self._authority = trustme.CA()
        issued = self._authority.issue_cert("localhost", "127.0.0.1")
        self.certificate_file = directory / "certificate.pem"
        self.key_file = directory / "key.pem"
        self.authority_file = directory / "authority.pem"
        self.certificate_file.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        self.key_file.write_bytes(issued.private_key_pem.bytes())
        self.authority_file.write_bytes(self._authority.cert_pem.bytes())

    @cached_property
    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate_file, self.key_file)
        return context

    @cached_property
    def client_context(self) -> ssl.SSLContext:
        """Trusts only this authority, and checks names."""
        return ssl.create_default_context(cafile=str(self.authority_file))
