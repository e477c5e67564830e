package io.github.dydxgateway.stream;

/** A topic can't be opened. */
public final class TopicRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient TopicFailure failure;

  /**
   * @param failure why
   */
  public TopicRefusedException(TopicFailure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  /** Why. */
  public TopicFailure failure() {
    return failure;
  }
}
