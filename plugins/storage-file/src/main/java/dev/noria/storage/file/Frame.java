package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The first bytes of every file: what it is, how long, and whether it is whole.
 *
 * @param kind what it is
 * @param length bytes behind the frame
 * @param crc CRC-32C of those
 */
record Frame(Kind kind, long length, int crc) {
  /** The newest format that is understood. */
  static final short VERSION = 1;

  static final int BYTES = 32;
  private static final byte[] MAGIC = "NoriaJob".getBytes(US_ASCII);
  private static final int CHECKED = BYTES - Integer.BYTES;

  /** What a file is. */
  enum Kind {
    /** A commit: commands of the engine. */
    COMMANDS(1),
    /** The last commit of a folder of the log; names the next folder. */
    CLOSE(2),
    /** A commit that names an earlier one, which nobody may count. */
    VOID(3),
    /** The whole state behind some commit. */
    CHECKPOINT(16),
    /** The format of a namespace, and the first folder of its log. */
    FORMAT(17);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    boolean isCommit() {
      return code < CHECKPOINT.code;
    }

    static Kind of(int code) throws CorruptException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new CorruptException("it is of the unknown kind " + code);
    }
  }

  /** A whole file with this body. */
  static byte[] file(Kind kind, byte[] body) {
    byte[] file = new byte[BYTES + body.length];
    System.arraycopy(body, 0, file, BYTES, body.length);
    return seal(kind, file);
  }

  /** Puts the frame in front of a body that starts at {@link #BYTES}. */
  static byte[] seal(Kind kind, byte[] file) {
    int length = file.length - BYTES;
    int crc = crc(ByteBuffer.wrap(file, BYTES, length));
    new Frame(kind, length, crc).encode().get(file, 0, BYTES);
    return file;
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.put(MAGIC).putShort(VERSION).putShort((short) kind.code).putLong(length);
    bytes.putInt(crc).putInt(0);
    return bytes.putInt(crc(bytes.duplicate().flip())).flip();
  }

  /**
   * Reads the frame of a file that has {@code fileLength} bytes.
   *
   * @throws CorruptException if it is damaged or torn
   * @throws NewerException if a later release wrote it
   */
  static Frame decode(ByteBuffer bytes, long fileLength) throws CorruptException, NewerException {
    if (bytes.remaining() < BYTES) {
      throw new CorruptException("it has " + bytes.remaining() + " bytes, expected " + BYTES);
    }
    ByteBuffer in = bytes.slice(bytes.position(), BYTES);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new CorruptException("it does not start with " + new String(MAGIC, US_ASCII));
    }
    if (crc(in.slice(0, CHECKED)) != in.getInt(CHECKED)) {
      throw new CorruptException("the checksum of its frame is wrong");
    }
    short version = in.getShort();
    if (version > VERSION) {
      throw new NewerException(version);
    }
    Frame frame = new Frame(Kind.of(in.getShort()), in.getLong(), in.getInt());
    if (BYTES + frame.length != fileLength) {
      throw new CorruptException(
          "it has " + fileLength + " bytes, its frame says " + (BYTES + frame.length));
    }
    return frame;
  }

  /** Checks a whole file, and gives the frame of it. */
  static Frame check(byte[] file) throws CorruptException, NewerException {
    Frame frame = decode(ByteBuffer.wrap(file), file.length);
    if (crc(ByteBuffer.wrap(file, BYTES, file.length - BYTES)) != frame.crc) {
      throw new CorruptException("the checksum of its content is wrong");
    }
    return frame;
  }
}
