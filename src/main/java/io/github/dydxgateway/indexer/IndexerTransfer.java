package io.github.dydxgateway.indexer;

/**
 * A transfer, deposit or withdrawal: null is "not given".
 *
 * @param size plain decimal text, exactly as received
 * @param createdAtNs nanoseconds since the Unix epoch; 0 where not given
 * @param createdAtHeight 0 where not given
 */
public record IndexerTransfer(
    Party sender,
    Party recipient,
    String symbol,
    String size,
    String type,
    long createdAtNs,
    long createdAtHeight,
    String transactionHash,
    UnknownFields unknownFields) {

  /** One end of a transfer; the number is null for a wallet. */
  public record Party(String address, Long subaccountNumber) {}
}
