"""When and where the company works: time zone, working hours, holidays, absences, phone country.

settings   what an administrator chose        calendar   what follows from it, without I/O
absences   when somebody is away              phones     national numbers as international ones
"""
