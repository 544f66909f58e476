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
    Matcher redis = ADDRESS.matcher(address);
    if (!redis.matches()) {
      return List.of();
    }
    String prefix = "noria:{" + redis.group(3) + "}:";
    int port = Integer.parseInt(redis.group(2));
    return faults(redis.group(1).equals("redis-sentinel") ? master(port) : port, prefix);
  }

  private static int master(int sentinel) {
    return RedisSentinels.master(sentinel);
  }

  private static List<String> faults(int port, String prefix) {
    try {
      return RedisServer.ask(
          port, redis -> redis.eval(RECOUNT, ScriptOutputType.MULTI, new String[] {prefix}));
    } catch (RedisCommandExecutionException e) {
      Matcher moved = MOVED.matcher(String.valueOf(e.getMessage()));
      if (moved.matches()) {
        return faults(Integer.parseInt(moved.group(1)), prefix);
      }
      throw e;
    }
  }
}
