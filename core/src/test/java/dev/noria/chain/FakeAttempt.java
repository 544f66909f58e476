package dev.noria.chain;

import dev.noria.job.Cancellation;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A context that keeps the services it gets. */
final class FakeAttempt implements Attempt {
  private final Map<Class<?>, Object> services = new HashMap<>();

  @Override
  public <T> void provide(Class<T> type, T service) {
    services.put(type, service);
  }

  @Override
  public <T> T get(Class<T> service) {
    return service.cast(services.get(service));
  }

  @Override
  public JobId id() {
    return Sample.id(1);
  }

  @Override
  public String type() {
    return "t";
  }

  @Override
  public String queue() {
    return "q";
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public int maxAttempts() {
    return 0;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public Cancellation cancellation() {
    throw unused();
  }

  @Override
  public boolean isLeaseValid() {
    return true;
  }

  @Override
  public boolean extend() {
    return true;
  }

  @Override
  public void progress(int percent, String message) {
    throw unused();
  }

  @Override
  public void log(String line) {
    throw unused();
  }

  @Override
  public <P> JobId followUp(JobKind<P> kind, P payload, JobOption... options) {
    throw unused();
  }

  @Override
  public void snooze(Duration delay) {
    throw unused();
  }

  @Override
  public void retryIn(Duration delay, String why) {
    throw unused();
  }

  @Override
  public void fail(String why) {
    throw unused();
  }

  @Override
  public void ackWithin(Connection connection) {
    throw unused();
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("Chains do not call this.");
  }
}
