package dev.vitrine.app.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Versions of the program and of ONNX Runtime. */
public final class Version implements IVersionProvider {
    private static final String VITRINE;
    private static final String ONNX_RUNTIME;

    static {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream("version.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        VITRINE = "Vitrine " + properties.getProperty("vitrine");
        ONNX_RUNTIME = "ONNX Runtime " + properties.getProperty("onnxruntime");
    }

    /** The program and its version, as stated on pages. */
    public static String maker() {
        return VITRINE + ", " + ONNX_RUNTIME;
    }

    @Override
    public String[] getVersion() {
        return new String[] {VITRINE, ONNX_RUNTIME, "Java " + Runtime.version()};
    }
}
