"""Dovecot's configuration for the suite: everything under one account, everything in one directory.

2.3 (Debian 12, Ubuntu 24.04) and 2.4 (Debian 13) are configured in two languages; the services are the same in both.
"""

import grp
import os
import pwd
import re
import subprocess
from typing import TYPE_CHECKING

from servers.process import find_program

if TYPE_CHECKING:
    from servers.dovecot import Dovecot

# What 2.3 announces: it can only be told the whole list, not what to leave out.
CAPABILITIES_2_3 = """
IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS
THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED
I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE
SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE
"""

COMMON = """
base_dir = {directory}/run
state_dir = {directory}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_gid = 1
first_valid_uid = 1
auth_failure_delay = 0 secs
auth_username_chars =
mail_max_userip_connections = 100000
mailbox_idle_check_interval = 1 secs
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  client_limit = 8192
  vsz_limit = 1G
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 8192
  vsz_limit = 2G
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \\Drafts
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = subscribe
  }}
  mailbox Archive {{
    special_use = \\Archive
    auto = subscribe
  }}
}}
"""

# One process serves every login in either version, so that thousands of TLS connections need no process each.
ONLY_2_3 = """
mail_location = maildir:~/Maildir
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
service imap-login {{
  service_count = 0
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={homes}/%Lu
}}
"""

ONLY_2_4 = """
mail_driver = maildir
mail_path = ~/Maildir
auth_allow_cleartext = yes
ssl = yes
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
service imap-login {{
  restart_request_count = unlimited
}}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {homes}/%{{user | lower}}
  }}
}}
"""


# Built in since 2.4.
COMPRESS_2_3 = """
protocol imap {
  mail_plugins = $mail_plugins imap_zlib
}
"""

QUOTA_2_3 = """
mail_plugins = quota
plugin {{
  quota = count:User
  quota_rule = *:storage={kilobytes}k
  quota_vsizes = yes
}}
"""

QUOTA_2_4 = """
mail_plugins {{
  quota = yes
}}
quota User {{
  driver = count
  quota_storage_size = {kilobytes}k
}}
"""


OAUTH_2_3 = """
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""

OAUTH_FILE_2_3 = """
introspection_url = {url}
introspection_mode = auth
username_attribute = email
active_attribute = active
active_value = true
"""

OAUTH_2_4 = """
auth_mechanisms = plain login xoauth2 oauthbearer
oauth2 {{
  introspection_url = {url}
  introspection_mode = auth
  username_attribute = email
  active_attribute = active
  active_value = true
}}
"""


def dovecot_config(server: "Dovecot") -> str:
    """The whole configuration file, for the installed version."""
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    version = _installed_version()
    template = COMMON + (ONLY_2_4 if version >= (2, 4) else ONLY_2_3)
    filled = template.format(
        directory=server.directory,
        homes=server.homes,
        user=account.pw_name,
        group=grp.getgrgid(account.pw_gid).gr_name,
        port=server.port,
        tls_port=server.tls_port,
        password=server.password,
        certificate=server.tls.certificate_file,
        key=server.tls.key_file,
    )
    options = (
        _capabilities(version, server.without)
        + _quota(version, server.quota_kilobytes)
        + _compression(version, server.without)
        + _oauth(version, server)
    )
    return f"{_version_lines(version)}{filled}{options}{server.settings}\n"


def _installed_version() -> tuple[int, int]:
    said = subprocess.run([find_program("dovecot", "dovecot-imapd"), "--version"], capture_output=True, text=True)
    major, minor = re.findall(r"\d+", said.stdout)[:2]
    return int(major), int(minor)


def _version_lines(version: tuple[int, int]) -> str:
    if version < (2, 4):
        return ""
    number = f"{version[0]}.{version[1]}.0"
    return f"dovecot_config_version = {number}\ndovecot_storage_version = {number}\n"


def _capabilities(version: tuple[int, int], without: frozenset[str]) -> str:
    if not without:
        return ""
    if version < (2, 4):
        kept = " ".join(name for name in CAPABILITIES_2_3.split() if name not in without)
        return f"imap_capability = {kept}\n"
    return "imap_capability {\n" + "".join(f"  {name} = no\n" for name in sorted(without)) + "}\n"


def _compression(version: tuple[int, int], without: frozenset[str]) -> str:
    return COMPRESS_2_3 if version < (2, 4) and "COMPRESS=DEFLATE" not in without else ""


def _quota(version: tuple[int, int], kilobytes: int | None) -> str:
    if kilobytes is None:
        return ""
    return (QUOTA_2_4 if version >= (2, 4) else QUOTA_2_3).format(kilobytes=kilobytes)


def _oauth(version: tuple[int, int], server: "Dovecot") -> str:
    if server.introspection_url is None:
        return ""
    if version >= (2, 4):
        return OAUTH_2_4.format(url=server.introspection_url)
    file = server.directory / "oauth2.conf"
    file.write_text(OAUTH_FILE_2_3.format(url=server.introspection_url))
    return OAUTH_2_3.format(file=file)
