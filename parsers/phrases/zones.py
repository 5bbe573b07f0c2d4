"""Time zones by the short names that mail programs print, hours before UTC; a name that two zones share is left out.

The American ones are those of RFC 5322 §4.3.
"""

ZONES: dict[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "MEZ": 1, "MESZ": 2, "OEZ": 2, "OESZ": 3, "HNEC": 1, "HEEC": 2, "SEČ": 1, "SELČ": 2, "SEĆ": 1, "МСК": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "BRT": -3, "ART": -3, "CLT": -4, "CLST": -3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "WIB": 7,
    "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13, "TRT": 3,
    "Гринвич": 0, "غرينتش": 0,
}  # fmt: skip

BEFORE_NOON = (
    "am", "a.m", "a. m", "ص", "上午", "午前", "凌晨", "오전", "π.μ", "πμ", "öö", "de", "dop", "sa", "fm",
)  # fmt: skip
AFTER_NOON = (
    "pm", "p.m", "p. m", "م", "下午", "午後", "晚上", "오후", "μ.μ", "μμ", "ös", "du", "odp", "ch", "em",
)  # fmt: skip
"""Beside a time, without the dot at the end."""
