package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.Limits;
import dev.noria.plugin.Codec;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.PayloadStage.Content;
import dev.noria.plugin.PayloadStage.Context;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** The border between objects and stored bytes: the codec, then the payload stages. */
public final class Payloads {
  /** Error texts that went through a stage are bytes in text's clothing, behind this mark. */
  private static final String STAGED = "staged:";

  private static final int STAGED_MESSAGE = 900;
  private static final int STAGED_STACK = 8_192;

  private final Codec codec;
  private final List<PayloadStage> onWrite;
  private final List<PayloadStage> onRead;

  /** With the stages in the order of writing. */
  public Payloads(Codec codec, List<PayloadStage> stages) {
    this.codec = codec;
    this.onWrite = List.copyOf(stages);
    List<PayloadStage> reverse = new ArrayList<>(stages);
    Collections.reverse(reverse);
    this.onRead = List.copyOf(reverse);
  }

  /** The storable form of {@code value}. */
  public Bytes encode(Object value, Context context) {
    return write(codec.encode(value), context);
  }

  /** The object in {@code bytes}. */
  public <T> T decode(Bytes bytes, Class<T> type, Context context) {
    return codec.decode(read(bytes, context), type);
  }

  Codec codec() {
    return codec;
  }

  /** Whether there are no stages. */
  boolean isPlain() {
    return onWrite.isEmpty();
  }

  Bytes write(Bytes plain, Context context) {
    Bytes staged = plain;
    for (PayloadStage stage : onWrite) {
      staged = stage.write(staged, context);
    }
    return staged;
  }

  Bytes read(Bytes stored, Context context) {
    Bytes plain = stored;
    for (PayloadStage stage : onRead) {
      plain = stage.read(plain, context);
    }
    return plain;
  }

  /** The storable form of an error. */
  ErrorInfo write(ErrorInfo error, JobId id, String queue, String type) {
    if (onWrite.isEmpty()) {
      return error;
    }
    Context context = new Context(id, queue, type, Content.ERROR);
    return new ErrorInfo(
        error.type(),
        error.fingerprint(),
        stage(error.message(), STAGED_MESSAGE, context),
        stage(error.stack(), STAGED_STACK, context));
  }

  private String stage(String text, int maxBytes, Context context) {
    Bytes staged = write(Bytes.utf8(Limits.cut(text, maxBytes)), context);
    return STAGED + Base64.getEncoder().encodeToString(staged.toArray());
  }

  /** The error as it was before {@link #write}. */
  ErrorInfo read(ErrorInfo error, JobId id, String queue, String type) {
    if (onRead.isEmpty()) {
      return error;
    }
    Context context = new Context(id, queue, type, Content.ERROR);
    return new ErrorInfo(
        error.type(),
        error.fingerprint(),
        unstage(error.message(), context),
        unstage(error.stack(), context));
  }

  private String unstage(String text, Context context) {
    if (!text.startsWith(STAGED)) {
      return text;
    }
    byte[] bytes = Base64.getDecoder().decode(text.substring(STAGED.length()));
    return read(Bytes.owned(bytes), context).toUtf8();
  }
}
