package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.JobStorage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a user has said about a queue before it opens.
 *
 * @param environment what the builder fixed
 * @param plugins the plugins named in code
 * @param services what the user provides, by type
 * @param handlers the handlers, by type name
 * @param queues queues to work on beyond those of the handlers' types
 */
public record Setup(
    Environment environment,
    List<Plugin> plugins,
    Map<Class<?>, Object> services,
    List<HandlerSpec> handlers,
    List<Worker.QueueWork> queues) {

  /**
   * What the builder fixed.
   *
   * @param time the clocks
   * @param driver turns the loops
   * @param executor runs handlers; null: the kernel's own threads
   * @param settings settings from code, whole keys
   * @param discover whether plugins on the class path are installed
   * @param disabled ids of discovered plugins to leave out
   * @param storage opens the storage; null: by the setting or a plugin
   */
  public record Environment(
      TimeSource time,
      LoopDriver driver,
      @Nullable Executor executor,
      Map<String, String> settings,
      boolean discover,
      Set<String> disabled,
      @Nullable Supplier<? extends JobStorage> storage) {}
}
