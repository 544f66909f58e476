package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Plugin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A step between codec and storage: what is stored is compressed. */
public final class Compression {
  static final CallType<String, Integer> LENGTH =
      CallType.of("length", String.class, Integer.class);

  /** Leaves alone what it never wrote, so that it may be added to a queue that has jobs. */
  static final class Gzip implements PayloadStage {
    @Override
    public Bytes write(Bytes content, Context context) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(content.toArray());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (context.content() == Content.PAYLOAD) {
        System.out.println("stored in less than a tenth: " + (out.size() < content.size() / 10));
      }
      return Bytes.owned(out.toByteArray());
    }

    @Override
    public Bytes read(Bytes content, Context context) {
      byte[] bytes = content.toArray();
      if (bytes.length < 2 || bytes[0] != 0x1f || bytes[1] != (byte) 0x8b) {
        return content;
      }
      try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        return Bytes.owned(gzip.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public static void main(String... args) throws InterruptedException, TimeoutException {
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue
          .use(Plugin.of("gzip", installer -> installer.payloadStage(new Gzip())))
          .handle(LENGTH, (text, job) -> text.length())
          .start();
      String text = "again and ".repeat(900);
      System.out.println(queue.enqueueAndWait(LENGTH, text, Duration.ofSeconds(30)));
    }
  }

  private Compression() {}
}
