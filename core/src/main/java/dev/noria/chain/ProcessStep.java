package dev.noria.chain;

import dev.noria.job.JobContext;
import dev.noria.job.Outcome;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.LeasedJob;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one link of the process chain sees of one attempt. */
final class ProcessStep implements ProcessChain {
  private static final Logger log = LoggerFactory.getLogger(Chains.class);

  private final Run run;
  private final int index;
  private final LeasedJob job;
  private boolean proceeded;
  private @Nullable Outcome inner;

  private ProcessStep(Run run, int index, LeasedJob job) {
    this.run = run;
    this.index = index;
    this.job = job;
  }

  @Override
  public LeasedJob job() {
    return job;
  }

  @Override
  public JobContext context() {
    return run.context;
  }

  @Override
  public <T> void provide(Class<T> type, T service) {
    run.context.provide(type, service);
  }

  @Override
  public Outcome proceed() {
    return inward(job);
  }

  @Override
  public Outcome proceed(LeasedJob changed) {
    if (!changed.lease().equals(job.lease())) {
      throw Misuse.changed(link(), Point.PROCESS, "another lease");
    }
    return inward(changed);
  }

  @Override
  public Optional<String> stoppedBy() {
    int last = run.deepest;
    return proceeded && last < run.links.length
        ? Optional.of(run.links[last].plugin())
        : Optional.empty();
  }

  private Outcome inward(LeasedJob next) {
    if (proceeded) {
      throw Misuse.twice(link(), Point.PROCESS);
    }
    proceeded = true;
    Outcome answer = run.from(index + 1, next);
    inner = answer;
    return answer;
  }

  private Link link() {
    return run.links[index];
  }

  private Outcome around() {
    try {
      Outcome answer = link().middleware().process(this);
      return nullable(answer) ? failed(Misuse.nothing(link(), Point.PROCESS)) : answer;
    } catch (Throwable error) {
      return failed(error);
    }
  }

  /** Before the run a failure prevents it; after it, what the run did can not be undone. */
  private Outcome failed(Throwable error) {
    Outcome stands = inner;
    if (stands == null) {
      return Run.failed(error);
    }
    log.warn(
        "The plugin '{}' failed after job {} of type '{}' had run; its outcome {} stands.",
        link().plugin(),
        job.id(),
        job.type(),
        stands.kind(),
        error);
    return stands;
  }

  private static boolean nullable(@Nullable Outcome outcome) {
    return outcome == null;
  }

  /** What all steps of one attempt share. */
  static final class Run {
    private final Link[] links;
    private final Attempt context;
    private final Function<LeasedJob, Outcome> innermost;

    /** How far inside the attempt came: the index of a link, or their number. */
    private int deepest;

    Run(Link[] links, Attempt context, Function<LeasedJob, Outcome> innermost) {
      this.links = links;
      this.context = context;
      this.innermost = innermost;
    }

    /** Runs the links from {@code index} on, and the handler; never throws. */
    Outcome from(int index, LeasedJob job) {
      deepest = index;
      if (index < links.length) {
        return new ProcessStep(this, index, job).around();
      }
      try {
        Outcome outcome = innermost.apply(job);
        return nullable(outcome)
            ? failed(new IllegalStateException("The handler's step answered null."))
            : outcome;
      } catch (Throwable error) {
        return failed(error);
      }
    }

    private static Outcome failed(Throwable error) {
      if (error instanceof VirtualMachineError) {
        log.error("The virtual machine is in trouble; the attempt counts as failed.", error);
      }
      return new Outcome.Failed(error);
    }
  }
}
