package dev.noria.tck.history;

import dev.noria.storage.CallId;
import dev.noria.tck.history.Entry.ExchangeSent;
import org.jspecify.annotations.Nullable;

/** One call with all its repetitions; places are positions in the history. */
final class Call {
  final CallId id;
  final int sentAt;
  int answeredAt = Index.NEVER;
  private boolean answered;
  private boolean open = true;
  private boolean unknown;

  /** What was asked for, if it is an exchange. */
  @Nullable ExchangeSent exchange;

  Call(CallId id, int sentAt) {
    this.id = id;
    this.sentAt = sentAt;
  }

  /** It is sent, perhaps again. */
  void sent() {
    open = true;
  }

  void answered(int at) {
    answered = true;
    open = false;
    answeredAt = Math.min(answeredAt, at);
  }

  void failed(boolean outcomeUnknown) {
    open = false;
    unknown |= outcomeUnknown;
  }

  boolean isAnswered() {
    return answered;
  }

  /** Whether nobody knows if it happened. */
  boolean isUnknown() {
    return !answered && (open || unknown);
  }
}
