package dev.noria.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the build, and what runs it. */
public final class Version implements IVersionProvider {

  /** Made by picocli. */
  public Version() {}

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "noria " + ofBuild(),
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
    };
  }

  private static String ofBuild() throws IOException {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
      build.load(in);
    }
    return build.getProperty("version");
  }
}
