"""Charts of the printed pack, as SVG: stacked bars and the line of a trend."""

from decimal import Decimal

from markupsafe import Markup

COLORS = (
    "#16a34a",
    "#facc15",
    "#f59e0b",
    "#ea580c",
    "#dc2626",
    "#7f1d1d",
    "#6b7280",
    "#9ca3af",
    "#3b82f6",
)
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 980, 220, 70, 22, 8
ZERO = Decimal(0)
STEPS = (1, 2, 5, 10)


def nice_step(span, ticks=4):
    """A round step that cuts a span in about so many parts.

    >>> nice_step(Decimal(80))
    Decimal('20')
    """
    if span <= ZERO:
        return Decimal(1)
    rough = span / ticks
    power = Decimal(10) ** rough.adjusted()
    return next(step * power for step in STEPS if step * power >= rough).normalize() + 0


def stacked_bars(labels, series, show):
    """Bars of the columns of a history: what is positive above the axis, what is
    negative below.

    :param series: lists of numbers, one per label.
    :param show: function that writes an amount of the axis.
    """
    columns = list(zip(*series, strict=True)) or [() for _label in labels]
    highest = max((sum(v for v in column if v > 0) for column in columns), default=ZERO)
    lowest = min((sum(v for v in column if v < 0) for column in columns), default=ZERO)
    step = nice_step(Decimal(highest - lowest))
    scale = _Scale(Decimal(lowest), Decimal(highest), step)
    parts = [_axis(scale, step, show)]
    slot = Decimal(WIDTH - LEFT) / max(len(labels), 1)
    for place, (label, column) in enumerate(zip(labels, columns, strict=True)):
        left = LEFT + slot * place
        parts.append(_bar(column, left + slot * Decimal("0.18"), slot, scale))
        parts.append(_text(left + slot / 2, HEIGHT - 6, label, "middle"))
    return _svg(WIDTH, HEIGHT, parts)


def sparkline(values, width=110, height=22):
    """The trend of a figure; what cannot be worked out leaves a gap."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    span = high - low or Decimal(1)
    step = Decimal(width - 6) / max(len(values) - 1, 1)
    runs, run = [], []
    for place, value in enumerate(values):
        if value is None:
            runs, run = [*runs, run], []
            continue
        top = height - 3 - (value - low) / span * (height - 6)
        run.append((3 + step * place, top))
    lines = [
        Markup(
            '<polyline points="%s" fill="none" stroke="#1f2937" stroke-width="1.5"/>'
        )
        % " ".join(f"{x:.1f},{y:.1f}" for x, y in one)
        for one in [*runs, run]
        if len(one) > 1
    ]
    x, y = ([*runs, run] if run else [one for one in runs if one])[-1][-1]
    dot = Markup('<circle cx="%s" cy="%s" r="2.5" fill="#1f2937"/>') % (
        f"{x:.1f}",
        f"{y:.1f}",
    )
    return _svg(width, height, [*lines, dot])


def _steps(amount, step):
    """The first multiple of a step that is not below a positive amount."""
    return (amount // step + (amount % step != 0)) * step


class _Scale:
    """From amounts to heights."""

    def __init__(self, low, high, step):
        # What is a hair below the axis needs no part of the chart.
        deep = -low * 50 > high - low
        self.low = -_steps(-low, step) if deep else ZERO
        self.high = _steps(high, step)
        if self.high == self.low:
            self.high = self.low + step

    def __call__(self, amount):
        room = HEIGHT - TOP - BOTTOM
        return TOP + (self.high - amount) / (self.high - self.low) * room


def _axis(scale, step, show):
    parts, amount = [], scale.low
    while amount <= scale.high:
        y = scale(amount)
        parts.append(
            Markup('<line x1="%s" x2="%s" y1="%s" y2="%s" stroke="%s"/>')
            % (
                LEFT,
                WIDTH,
                f"{y:.1f}",
                f"{y:.1f}",
                "#9ca3af" if amount == 0 else "#e5e7eb",
            )
        )
        parts.append(_text(LEFT - 6, y + 4, show(amount), "end"))
        amount += step
    return Markup("").join(parts)


def _bar(column, left, slot, scale):
    above = below = ZERO
    parts = []
    for number, value in enumerate(column):
        if not value:
            continue
        start = above if value > 0 else below
        top, bottom = scale(max(start, start + value)), scale(min(start, start + value))
        above, below = (above + value, below) if value > 0 else (above, below + value)
        parts.append(
            Markup('<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>')
            % (
                f"{left:.1f}",
                f"{top:.1f}",
                f"{slot * Decimal('0.64'):.1f}",
                f"{bottom - top:.1f}",
                COLORS[number % len(COLORS)],
            )
        )
    return Markup("").join(parts)


def _text(x, y, text, anchor):
    return Markup(
        '<text x="%s" y="%s" font-size="11" fill="#374151" text-anchor="%s">%s</text>'
    ) % (f"{x:.1f}", f"{y:.1f}", anchor, text)


def _svg(width, height, parts):
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s">%s</svg>'
    ) % (width, height, Markup("").join(parts))
