package dev.noria.kernel;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.simple.SimpleServiceProvider;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Reads what some loggers say; they say everything meanwhile. Thread-safe. */
public final class LogCapture implements AutoCloseable {
  private static final List<LogCapture> OPEN = new CopyOnWriteArrayList<>();

  private final String prefix;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Line> fresh = new LinkedBlockingQueue<>();

  /** What was said. */
  public record Line(String logger, Level level, String text, @Nullable Throwable error) {}

  private LogCapture(String prefix) {
    this.prefix = prefix;
  }

  /** Captures the loggers whose name begins with {@code prefix}. */
  public static LogCapture of(String prefix) {
    LogCapture capture = new LogCapture(prefix);
    OPEN.add(capture);
    return capture;
  }

  /** What was said so far. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Waits for a line, among those that nobody has waited for. */
  public Line await(Predicate<Line> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      Line line = fresh.poll(left, TimeUnit.NANOSECONDS);
      if (line != null && wanted.test(line)) {
        return line;
      }
    }
    throw new AssertionError("The line was not said in 20 s; these were: " + lines);
  }

  @Override
  public void close() {
    OPEN.remove(this);
  }

  private void hear(Line line) {
    lines.add(line);
    fresh.add(line);
  }

  private static boolean isHeard(String logger) {
    return OPEN.stream().anyMatch(capture -> logger.startsWith(capture.prefix));
  }

  /** The log of these tests: as usual, but for what is captured. */
  public static final class Provider implements SLF4JServiceProvider {
    private final SimpleServiceProvider usual = new SimpleServiceProvider();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new BasicMDCAdapter();
    private final ConcurrentHashMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public ILoggerFactory getLoggerFactory() {
      return name ->
          loggers.computeIfAbsent(
              name, any -> new Heard(any, usual.getLoggerFactory().getLogger(any)));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
      return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
      return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
      return usual.getRequestedApiVersion();
    }

    @Override
    public void initialize() {
      usual.initialize();
    }
  }

  private static final class Heard extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;
    private final transient Logger usual;

    Heard(String name, Logger usual) {
      this.name = name;
      this.usual = usual;
    }

    @Override
    public boolean isTraceEnabled() {
      return isHeard(name) || usual.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
      return isHeard(name) || usual.isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
      return isHeard(name) || usual.isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
      return isHeard(name) || usual.isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
      return isHeard(name) || usual.isErrorEnabled();
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable error) {
      String text = MessageFormatter.basicArrayFormat(pattern, arguments);
      if (!isHeard(name)) {
        usual.atLevel(level).setCause(error).log(text);
        return;
      }
      Line line = new Line(name, level, text, error);
      for (LogCapture capture : OPEN) {
        if (name.startsWith(capture.prefix)) {
          capture.hear(line);
        }
      }
    }
  }
}
