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
  private int closedAt = Index.NEVER;

  /** Whether it is a maintain. */
  boolean maintain;

  /** Who sent it. */
  final String process;

  /** What was asked for, if it is an exchange. */
  @Nullable ExchangeSent exchange;

  Call(CallId id, String process, int sentAt) {
    this.id = id;
    this.process = process;
    this.sentAt = sentAt;
  }

  /** It is sent, perhaps again. */
  void sent() {
    open = true;
    closedAt = Index.NEVER;
  }

  void answered(int at) {
    answered = true;
    open = false;
    answeredAt = Math.min(answeredAt, at);
  }

  void failed(boolean outcomeUnknown, int at) {
    closedAt = at;
    open = false;
    unknown |= outcomeUnknown;
  }

  /** Its process was killed. */
  void killed(int at) {
    if (open) {
      closedAt = at;
    }
  }

  /** Where its caller gave up; {@link Index#NEVER} if it still waits. */
  int closedAt() {
    return closedAt;
  }

  boolean isAnswered() {
    return answered;
  }

  /** Whether nobody knows if it happened. */
  boolean isUnknown() {
    return !answered && (open || unknown);
  }
}
