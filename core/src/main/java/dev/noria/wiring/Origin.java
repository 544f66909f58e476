package dev.noria.wiring;

import java.net.URL;
import java.security.CodeSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a class comes from. */
final class Origin {
  private static final Pattern VERSION = Pattern.compile("-(\\d[^/]*)\\.jar$");

  private Origin() {}

  /** The name of the jar or folder; the name of the class where there is none. */
  static String of(Class<?> type) {
    @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
    @Nullable URL place = source == null ? null : source.getLocation();
    if (place == null) {
      return type.getName();
    }
    String path = place.getPath();
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  /** The version in the manifest, in the module, or in the name of the jar. */
  static String version(Class<?> type) {
    @Nullable Package ownPackage = type.getPackage();
    @Nullable String manifest = ownPackage == null ? null : ownPackage.getImplementationVersion();
    if (manifest != null) {
      return manifest;
    }
    if (type.getModule().isNamed()) {
      return type.getModule().getDescriptor().rawVersion().orElse("unknown");
    }
    Matcher matcher = VERSION.matcher(of(type));
    return matcher.find() ? matcher.group(1) : "unknown";
  }
}
