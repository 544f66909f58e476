package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException.Problem;

/** All codes of configuration problems; each has its page in {@code docs/errors}. */
public enum ProblemCode {
  /** Nobody named a storage. */
  NO_STORAGE(1),
  /** More than one was named. */
  SEVERAL_STORAGES(2),
  /** Nobody opens the scheme of an address. */
  UNKNOWN_SCHEME(3),
  /** Two providers open the same scheme. */
  AMBIGUOUS_SCHEME(4),
  /** The provider that is asked for can not be used. */
  BROKEN_STORAGE(5),
  /** The address of the storage is not right. */
  BAD_ADDRESS(6),
  /** The id of a plugin is malformed. */
  BAD_PLUGIN_ID(10),
  /** One id was used twice in code. */
  REPEATED_PLUGIN(11),
  /** Two discovered providers have one id. */
  AMBIGUOUS_PLUGIN(12),
  /** A discovered provider can not be used. */
  BROKEN_PLUGIN(13),
  /** A provider was compiled for another SPI. */
  OTHER_SPI(14),
  /** A provider made a plugin of another id. */
  OTHER_ID(15),
  /** The installation of a plugin failed. */
  FAILED_INSTALL(16),
  /** A service file got lost, probably in a shaded jar. */
  LOST_SERVICE_FILE(17),
  /** The wishes for places in the chain contradict each other. */
  ORDER_CYCLE(18),
  /** A service is needed that nobody provides. */
  MISSING_SERVICE(20),
  /** The storage lacks a capability that is needed. */
  MISSING_CAPABILITY(21),
  /** A service is provided twice. */
  REPEATED_SERVICE(22),
  /** A service of the kernel's own is provided. */
  RESERVED_SERVICE(23),
  /** A class can not be made by constructor injection. */
  NOT_INJECTABLE(24),
  /** The constructor of a class failed. */
  FAILED_CONSTRUCTOR(25),
  /** A setting is not known. */
  UNKNOWN_SETTING(30),
  /** The value of a setting can not be read. */
  BAD_SETTING(31),
  /** Several settings files were found, or one can not be read. */
  BAD_SETTINGS_FILE(32),
  /** Noria itself is wired wrongly. */
  INTERNAL(90);

  private final String code;

  ProblemCode(int number) {
    code = String.format("NORIA-%03d", number);
  }

  /** As users see it: {@code NORIA-012}. */
  public String code() {
    return code;
  }

  /** A problem of this kind: what is wrong, what was expected, how to fix it. */
  public Problem problem(String message) {
    return new Problem(code, message);
  }
}
