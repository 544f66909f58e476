package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.chain.Link;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plans as the kernel does, with what a test sets. */
final class Planning {
  final TimeSource time = new FixedTime();
  final List<Link> kernelLinks = new ArrayList<>();
  final Map<Class<?>, Object> services = new HashMap<>();
  Map<String, String> settings = new HashMap<>();
  boolean discover = true;
  Set<String> disabled = Set.of();
  ClassLoader loader = Planning.class.getClassLoader();

  Planning setting(String key, String value) {
    settings.put(key, value);
    return this;
  }

  Plan plan(Plugin... used) {
    SettingsSource source = SettingsSource.of(SettingsLayer.code(settings));
    assertThat(source.kernel().duration("worker.lease")).isEmpty();
    Plan plan =
        new Planner(source, time, loader)
            .plan(new PlanRequest(List.of(used), services, kernelLinks, discover, disabled));
    if (!plan.problems().isEmpty()) {
      throw new ConfigurationException(plan.problems(), plan.cause().orElse(null));
    }
    return plan;
  }

  List<String> problems(Plugin... used) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> plan(used));
    assertThat(thrown).as("a ConfigurationException").isNotNull();
    return thrown.problems().stream().map(Problem::toString).toList();
  }
}
