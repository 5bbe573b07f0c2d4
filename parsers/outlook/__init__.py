"""What only Outlook writes: winmail.dat (MS-OXTNEF), its properties and its compressed RTF."""
