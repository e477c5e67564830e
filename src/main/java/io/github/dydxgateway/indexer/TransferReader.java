package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads transfers, deposits and withdrawals. Not thread safe. */
final class TransferReader implements RecordReader<IndexerTransfer> {
  private final FieldProblems problems;
  private final FieldValues values;

  TransferReader(FieldProblems problems, FieldValues values) {
    this.problems = problems;
    this.values = values;
  }

  @Override
  public IndexerTransfer read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    IndexerTransfer.Party sender = null;
    IndexerTransfer.Party recipient = null;
    String symbol = null;
    String size = null;
    String type = null;
    long createdAtNs = 0;
    long createdAtHeight = 0;
    String transactionHash = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "sender" -> sender = readParty(in, "sender", unknown);
        case "recipient" -> recipient = readParty(in, "recipient", unknown);
        case "symbol" -> symbol = values.repeatedText();
        case "size" -> size = values.plainDecimal();
        case "type" -> type = values.repeatedText();
        case "createdAt" -> createdAtNs = values.timeOrZero();
        case "createdAtHeight" -> createdAtHeight = values.naturalOrZero();
        case "transactionHash" -> transactionHash = values.text();
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerTransfer(
        sender,
        recipient,
        symbol,
        size,
        type,
        createdAtNs,
        createdAtHeight,
        transactionHash,
        unknown.take());
  }

  /** A field of the party that this version does not know is kept as {@code sender.field}. */
  private IndexerTransfer.Party readParty(JsonCursor in, String role, ExtraFields unknown)
      throws IOException {
    if (!in.isObject()) {
      if (!in.isNull()) {
        problems.add(in, "an object");
      }
      return null;
    }
    String address = null;
    Long subaccountNumber = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "address" -> address = values.repeatedText();
        case "subaccountNumber" -> subaccountNumber = values.subaccountNumber();
        default -> unknown.keep(in, role + "." + name);
      }
    }
    return new IndexerTransfer.Party(address, subaccountNumber);
  }
}
