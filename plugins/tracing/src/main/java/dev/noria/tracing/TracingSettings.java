package dev.noria.tracing;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Settings;
import dev.noria.tracing.TracingOptions.Relation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The options that the settings describe. */
final class TracingSettings {
  private static final String BAD_SETTING = "NORIA-031";

  private final Settings settings;

  TracingSettings(Settings settings) {
    this.settings = settings;
  }

  TracingOptions options() {
    TracingOptions standard = TracingOptions.defaults();
    return new TracingOptions(
        relation(),
        settings.flag("create-spans").orElse(standard.createSpans()),
        settings.flag("storage-spans").orElse(standard.storageSpans()),
        settings.text("baggage").map(TracingSettings::names).orElse(standard.baggage()),
        settings.flag("mdc").orElse(standard.mdc()));
  }

  private Relation relation() {
    String text = settings.text("relation").orElse("link");
    return switch (text) {
      case "link" -> Relation.LINK;
      case "child" -> Relation.CHILD;
      default ->
          throw new ConfigurationException(
              List.of(
                  new Problem(
                      BAD_SETTING,
                      "The setting noria.plugins.tracing.relation has the value '"
                          + text
                          + "'. Expected link or child. Correct it, or remove it to get link.")));
    };
  }

  private static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
