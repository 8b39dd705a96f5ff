package dev.vitrine.engine.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Numbers that PyTorch computed in double precision; how, says the README beside them.
 *
 * @param every which elements are stored: 0, every, 2·every, ... in row-major order
 * @param norm √Σ v² over all elements, the ones that are not stored too
 */
public record Reference(double[] values, int every, double norm) {
    public static Reference of(ReferenceModel model, ReferenceMethod method) {
        String name = model.file() + "-" + method.name().toLowerCase(Locale.ROOT);
        boolean wholeMap = method != ReferenceMethod.LOGITS && method != ReferenceMethod.GRADCAM;
        return new Reference(read(name + ".npy"), wholeMap && model.pixels() > 32 ? 7 : 1, norm(name));
    }

    /** {@code √Σ (stored - found)² / √Σ stored²} over the stored elements; {@code found} has all elements. */
    public double relativeError(double[] found) {
        if ((found.length + every - 1) / every != values.length) {
            throw new IllegalArgumentException(
                    "expected " + values.length + " elements at every " + every + ", found " + found.length);
        }
        double error = 0;
        double total = 0;
        for (int i = 0; i < values.length; i++) {
            error += Math.pow(values[i] - found[i * every], 2);
            total += values[i] * values[i];
        }
        return Math.sqrt(error / total);
    }

    private static byte[] bytes(String file) {
        try (InputStream stream = Reference.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + file + " is missing");
            }
            return stream.readAllBytes();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Format 1.0: magic, version, u16 length of a header that is text, then the elements. */
    private static double[] read(String file) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = bytes.getShort(8);
        String header = new String(bytes.array(), 10, headerLength, StandardCharsets.US_ASCII);
        bytes.position(10 + headerLength);
        if (header.contains("<f8")) {
            double[] values = new double[bytes.remaining() / 8];
            bytes.asDoubleBuffer().get(values);
            return values;
        }
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        double[] widened = new double[values.length];
        Arrays.setAll(widened, i -> values[i]);
        return widened;
    }

    private static double norm(String name) {
        return new String(bytes("norms.tsv"), StandardCharsets.US_ASCII)
                .lines()
                .map(line -> line.split("\t"))
                .filter(columns -> columns[0].equals(name))
                .mapToDouble(columns -> Double.parseDouble(columns[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("norms.tsv has no " + name));
    }
}
