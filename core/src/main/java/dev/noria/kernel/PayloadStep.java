package dev.noria.kernel;

import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.PayloadStage.Content;
import dev.noria.plugin.PayloadStage.Context;
import dev.noria.storage.LeasedJob;

/**
 * The kernel's own link that decodes the payload, right outside the handler. What cannot be decoded
 * is that job's failure; its bytes are kept.
 */
final class PayloadStep implements Middleware {
  static final String ID = "payload";
  static final Content RESULT = Content.RESULT;

  @Override
  public Outcome process(ProcessChain chain) {
    ((AttemptRun) chain.context()).decode(chain.job());
    return chain.proceed();
  }

  static Context context(LeasedJob job, Content content) {
    return new Context(job.id(), job.queue(), job.type(), content);
  }
}
