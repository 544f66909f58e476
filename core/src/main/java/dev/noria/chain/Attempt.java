package dev.noria.chain;

import dev.noria.job.JobContext;

/** The context of one attempt, which links may add services to. */
public interface Attempt extends JobContext {

  /** Makes {@code service} available by {@link JobContext#get}. */
  <T> void provide(Class<T> type, T service);
}
