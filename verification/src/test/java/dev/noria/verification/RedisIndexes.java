package dev.noria.verification;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether all structures of a namespace in Redis equal a recount from its jobs. */
final class RedisIndexes {
  private static final Pattern ADDRESS =
      Pattern.compile("(redis[a-z+-]*)://127\\.0\\.0\\.1:(\\d+)[^?]*\\?.*namespace=(\\w+).*");
  private static final Pattern MOVED = Pattern.compile("MOVED \\d+ [^ ]*:(\\d+).*");
  private static final String RECOUNT = resource();

  private RedisIndexes() {}

  private static String resource() {
    try (InputStream in = RedisIndexes.class.getResourceAsStream("redis-recount.lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The script is missing.", e);
    }
  }

  /** What is wrong, in words; nothing for storages of another kind. */
  static List<String> faults(String address) {
    return run(address, RECOUNT);
  }

  /** Runs a script on the prefix of the namespace, wherever it is; not for storages of others. */
  static List<String> run(String address, String script) {
    Matcher redis = ADDRESS.matcher(address);
    if (!redis.matches()) {
      return List.of();
    }
    String prefix = "noria:{" + redis.group(3) + "}:";
    int port = Integer.parseInt(redis.group(2));
    boolean asksSentinel = redis.group(1).equals("redis-sentinel");
    return run(asksSentinel ? RedisSentinels.master(port) : port, prefix, script);
  }

  private static List<String> run(int port, String prefix, String script) {
    try {
      return RedisServer.ask(
          port, redis -> redis.eval(script, ScriptOutputType.MULTI, new String[] {prefix}));
    } catch (RedisCommandExecutionException e) {
      Matcher moved = MOVED.matcher(String.valueOf(e.getMessage()));
      if (moved.matches()) {
        return run(Integer.parseInt(moved.group(1)), prefix, script);
      }
      throw e;
    }
  }
}
