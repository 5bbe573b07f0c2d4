"""Who somebody is and what they may: people, sign-in, tokens for programs, rights to mail, what they are told, audit."""
