"""What sort of mail it is: who or what wrote it, and when somebody who is away comes back."""
