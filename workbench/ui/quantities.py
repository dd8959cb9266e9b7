"""Numbers as a person reads them: "0.3 M", "about 40 s", "2 min ago"."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def short_count(number: float) -> str:
    """A large count in M or B; small ones in full."""
    if number >= 1e9:
        return f"{number / 1e9:.1f} B"
    if number >= 1e6:
        return f"{number / 1e6:.1f} M" if number < 1e7 else f"{number / 1e6:.0f} M"
    return f"{number / 1e6:.2f} M" if number >= 1e5 else f"{number:,.0f}"


def share(part: float, whole: float) -> str:
    """A percentage with as many digits as it takes to see something."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def ordinal(number: int) -> str:
    """ "1st", "2nd", "11th"."""
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def duration(seconds: float) -> str:
    """One unit, rounded the way one would say it."""
    if seconds < 90:
        return f"{max(1, _rounded(seconds))} s"
    if seconds < 90 * _MINUTE:
        return f"{_rounded(seconds / _MINUTE)} min"
    if seconds < 36 * _HOUR:
        return f"{seconds / _HOUR:.1f} h"
    return f"{seconds / _DAY:.1f} days"


def span(low_seconds: float, high_seconds: float) -> str:
    """ "about 40 s", or "3 min to 9 min" where the two ends differ much."""
    if high_seconds <= 1.5 * low_seconds:
        return f"about {duration((low_seconds + high_seconds) / 2)}"
    return f"{duration(low_seconds)} to {duration(high_seconds)}"


def age(seconds: float) -> str:
    if seconds < _MINUTE:
        return "just now"
    return f"{seconds // _MINUTE:.0f} min ago" if seconds < 90 * _MINUTE else f"{duration(seconds)} ago"


def file_size(megabytes: float) -> str:
    if megabytes < 0.1:
        return f"{1000 * megabytes:.0f} kB"
    return f"{megabytes:.1f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def transfer(done_bytes: float, total_bytes: float, bytes_per_second: float) -> str:
    """How far something is that is counted in bytes; "" while it is not known how many there are."""
    if not total_bytes:
        return ""
    figures = [f"{file_size(done_bytes / 1e6)} of {file_size(total_bytes / 1e6)}"]
    if bytes_per_second and done_bytes < total_bytes:
        left_seconds = (total_bytes - done_bytes) / bytes_per_second
        figures += [f"{file_size(bytes_per_second / 1e6)}/s", f"about {duration(left_seconds)} left"]
    return " · ".join(figures)


def gigabytes(amount: float) -> str:
    return f"{amount:.1f}" if amount < 99.5 else f"{amount:.0f}"


def memory_amount(gb: float) -> str:
    """One of several amounts that are compared, all in GB."""
    if gb < 0.005:
        return "under 0.01 GB"
    return f"{gb:.2f} GB" if gb < 1 else f"{gigabytes(gb)} GB"


def setting_value(value: object) -> str:
    """A setting as one would say it: 0.004, not 4e-3 nor 0.0040000000001."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " · ".join(map(str, value)) or "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _rounded(number: float) -> int:
    """Two digits are all that an estimate is worth."""
    return round(number) if number < 20 else 5 * round(number / 5)
