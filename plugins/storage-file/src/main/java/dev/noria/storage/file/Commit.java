package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.noria.storage.file.Frame.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of the log.
 *
 * @param kind COMMANDS, CLOSE or VOID
 * @param file all its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would double the garbage
record Commit(Kind kind, byte[] file) {

  /** Where a command is in the file. */
  record Span(int offset, int length) {}

  /** A commit of commands, each with its length in front. */
  static Commit of(List<byte[]> commands) {
    int size = Frame.BYTES;
    for (byte[] command : commands) {
      size += Integer.BYTES + command.length;
    }
    byte[] file = new byte[size];
    ByteBuffer out = ByteBuffer.wrap(file).position(Frame.BYTES);
    for (byte[] command : commands) {
      out.putInt(command.length).put(command);
    }
    return new Commit(Kind.COMMANDS, Frame.seal(Kind.COMMANDS, file));
  }

  static Commit close(String next) {
    return new Commit(Kind.CLOSE, Frame.file(Kind.CLOSE, next.getBytes(US_ASCII)));
  }

  static Commit voiding(long sequence) {
    byte[] body = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    return new Commit(Kind.VOID, Frame.file(Kind.VOID, body));
  }

  static Commit parse(byte[] file) throws CorruptException, NewerException {
    Frame frame = Frame.check(file);
    if (!frame.kind().isCommit()) {
      throw new CorruptException("it is a " + frame.kind() + ", expected a commit");
    }
    return new Commit(frame.kind(), file);
  }

  /** The commands, in order. */
  List<Span> commands() throws CorruptException {
    List<Span> spans = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).position(Frame.BYTES);
    while (in.hasRemaining()) {
      int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new CorruptException("a command in it has no end");
      }
      spans.add(new Span(in.position(), length));
      in.position(in.position() + length);
    }
    return spans;
  }

  /** The folder that a CLOSE names. */
  String nextFolder() {
    return new String(file, Frame.BYTES, file.length - Frame.BYTES, US_ASCII);
  }

  /** The sequence that a VOID names. */
  long voided() throws CorruptException {
    if (file.length != Frame.BYTES + Long.BYTES) {
      throw new CorruptException("it names no commit");
    }
    return ByteBuffer.wrap(file).getLong(Frame.BYTES);
  }
}
