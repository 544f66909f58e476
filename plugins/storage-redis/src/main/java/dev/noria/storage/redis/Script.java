package dev.noria.storage.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Lua script: a resource, with the parts before it that its header names. Those that most calls
 * can do without are the body of a function, {@code otherwise}: making their many functions takes
 * longer than a simple call as a whole. All keys of a call are derived from the one that is given,
 * within the same hash tag.
 *
 * @param name of the resource, without its ending
 * @param text what the server runs
 * @param sha by which the server knows it
 */
record Script(String name, String text, String sha) {
  private static final Pattern NEEDS =
      Pattern.compile("\\A-- needs: ([a-z ]+)(?:; otherwise ([a-z ]+))?\n");

  /**
   * Loads a script.
   *
   * @param prelude what stands before everything else; empty or whole lines
   */
  static Script load(String name, String prelude) {
    String main = resource(name);
    Matcher needs = NEEDS.matcher(main);
    if (!needs.lookingAt()) {
      throw new IllegalStateException(
          "The script " + name + " does not begin with '-- needs: ', followed by its parts.");
    }
    StringBuilder text = new StringBuilder(prelude).append(parts(needs.group(1)));
    String others = needs.group(2);
    if (others != null) {
      text.append("local function otherwise()\n").append(parts(others)).append("end\n");
    }
    text.append(main);
    return new Script(name, text.toString(), sha(text.toString()));
  }

  private static String parts(String names) {
    StringBuilder text = new StringBuilder();
    for (String part : names.trim().split(" +", -1)) {
      text.append(resource("part/" + part));
    }
    return text.toString();
  }

  static String resource(String name) {
    String path = "lua/" + name + ".lua";
    try (@Nullable InputStream in = Script.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + path + " is missing in the jar.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + path + " can not be read.", e);
    }
  }

  private static String sha(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-1.", e);
    }
  }
}
