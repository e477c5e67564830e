package io.github.dydxgateway.chaos;

/**
 * What may happen to a message from the venue, or to its connection when the message is due.
 *
 * <p>Only what can be noticed is here: of a digit changed inside a sound frame nobody can know.
 */
enum Fault {
  /** It and all behind it come late. */
  DELAY(30),
  /** Its bytes come in pieces, most of one byte. */
  SPLIT(30),
  /** It comes in continuation frames, some empty, with a ping between them. */
  FRAGMENT(30),
  /** It and some after it come in one piece. */
  COALESCE(30),
  /** A message that is no part of the protocol comes before it. */
  GARBAGE(8),
  /** The connection ends instead, with a FIN. */
  CUT_FIN(3),
  /** The connection ends instead, with a RST. */
  CUT_RST(3),
  /** Nothing comes from here on, in either direction, and nobody says so. */
  HALF_OPEN(2),
  /** Half of its frame comes, then a RST. */
  TORN_FRAME(2),
  /** A frame of a kind that WebSocket does not have comes instead. */
  BAD_OPCODE(2),
  /** The connection is closed instead, with one of the venue's codes. */
  CLOSE(3),
  /** Its JSON ends early; channel and id can still be read. */
  BROKEN_JSON(6),
  /** It holds a byte that is no UTF-8; channel and id can still be read. */
  BAD_UTF8(4),
  /** The price of a trade is no number. */
  CHANGED_FIELD(16),
  /** It does not come. */
  DROP(5),
  /** It comes twice. */
  DUPLICATE(5),
  /** It comes after some that were sent later. */
  REORDER(5),
  /** Nothing of it can be read, not even its channel. */
  UNREADABLE(4);

  private final int weight;

  Fault(int weight) {
    this.weight = weight;
  }

  /** How often, in 8,000 messages. */
  int weight() {
    return weight;
  }
}
