// Exact fixed point: a BigInt and the number of digits after its point. Nothing here makes a float of an amount.

/** The same amount with more digits after the point. */
export function rescale(value, from, to) {
  return value * 10n ** BigInt(to - from);
}

/** For a person: thousands apart, all digits after the point. */
export function format(value, scale) {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale).replace(/\B(?=(\d{3})+$)/g, ",");
  const fraction = scale > 0 ? "." + digits.slice(-scale) : "";
  return (negative ? "\u2212" : "") + whole + fraction;
}

const LARGE = [["T", 12], ["B", 9], ["M", 6]];

/** As format, but ten millions and more in millions, billions or trillions, cut to three digits after the point. */
export function compact(value, scale) {
  for (const [unit, digits] of LARGE) {
    if (value >= 10n ** BigInt(scale + digits) && value >= 10n ** BigInt(scale + 7)) {
      return format(value / 10n ** BigInt(scale + digits - 3), 3).replace(/\.?0+$/, "") + " " + unit;
    }
  }
  return format(value, scale);
}

/** Which part of the whole it is, from 0 to 1, for drawing only. */
export function part(value, whole) {
  return whole > 0n ? Number((value * 10000n) / whole) / 10000 : 0;
}

/** A step of 1, 2 or 5 times a power of ten that divides a range into at most so many. */
export function niceStep(range, most) {
  const least = range / BigInt(most) + 1n;
  let step = 1n;
  for (;;) {
    for (const factor of [1n, 2n, 5n]) {
      if (step * factor >= least) {
        return step * factor;
      }
    }
    step *= 10n;
  }
}
