package dev.noria.tck.history;

import dev.noria.job.EnqueueReceipt;
import dev.noria.tck.history.Entry.EnqueueAnswered;
import dev.noria.tck.history.Entry.EnqueueSent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One call that handed a job to the storage, with what is known of its fate. */
final class Sending {
  final EnqueueSent what;
  final Call call;

  /** Where it stands in the history, which is its place in the call, too. */
  final int sentAt;

  /** The clock of the last try, which is not before that of any other. */
  Instant lastNow;

  int answeredAt = Index.NEVER;
  @Nullable EnqueueAnswered answer;

  Sending(EnqueueSent what, Call call, int sentAt) {
    this.what = what;
    this.call = call;
    this.sentAt = sentAt;
    this.lastNow = what.now();
  }

  /** It is sent, perhaps again. The storage may have taken its time from any of the tries. */
  void sent(EnqueueSent again) {
    lastNow = again.now().isAfter(lastNow) ? again.now() : lastNow;
  }

  private boolean is(EnqueueReceipt.Status status) {
    return answer != null && answer.status() == status;
  }

  /** Whether it stored the job. */
  boolean isEnqueued() {
    return is(EnqueueReceipt.Status.ENQUEUED);
  }

  /** Whether the storage said that the job itself is there. */
  boolean isAcknowledged() {
    return isEnqueued()
        || (is(EnqueueReceipt.Status.DUPLICATE)
            && answer != null
            && answer.existing().equals(what.job()));
  }

  /** Whether nobody knows if it stored the job. */
  boolean isUnknown() {
    return answer == null && (call.isAnswered() || call.isUnknown());
  }
}
