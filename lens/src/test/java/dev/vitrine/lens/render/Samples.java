package dev.vitrine.lens.render;

import dev.vitrine.engine.oracle.TestData;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** Made-up pictures and scores, the same at every run. */
public final class Samples {
    private Samples() {}

    public static Provenance provenance(String method) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("samples", "50");
        options.put("noise", "0.15");
        options.put("seed", "7");
        return new Provenance("squeezenet-caltech101", "chelsea.png", "285 Egyptian cat (logit)", method, options);
    }

    public static Heatmap heatmap(int height, int width, float... scores) {
        return new Heatmap(Tensor.floats(scores, height, width), provenance("gradient-x-input"));
    }

    /** A hill for the target on the right and a lower one against it on the left, with waves on both. */
    public static Heatmap hills(int size) {
        float[] scores = new float[size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double u = (x + 0.5) / size;
                double v = (y + 0.5) / size;
                double towards = hill(u - 0.62, v - 0.42, 0.13);
                double against = hill(u - 0.2, v - 0.75, 0.12);
                double waves = 1 + 0.35 * StrictMath.sin(61 * u) * StrictMath.cos(53 * v);
                scores[y * size + x] = (float) (0.031 * waves * (towards - 0.7 * against));
            }
        }
        return heatmap(size, size, scores);
    }

    /** A hill over nothing, never negative. */
    public static Heatmap hill(int size) {
        float[] scores = new float[size * size];
        for (int index = 0; index < scores.length; index++) {
            double u = (index % size + 0.5) / size;
            double v = (index / size + 0.5) / size;
            scores[index] = (float) (3.4 * hill(u - 0.6, v - 0.42, 0.22));
        }
        return new Heatmap(Tensor.floats(scores, size, size), provenance("grad-cam"));
    }

    /** Waves in three colors, {@code f32[3,size,size]}. */
    public static Tensor projection(int size) {
        float[] values = new float[3 * size * size];
        for (int index = 0; index < values.length; index++) {
            int channel = index / (size * size);
            double u = (index % size + 0.5) / size;
            double v = (index / size % size + 0.5) / size;
            values[index] = (float) (hill(u - 0.6, v - 0.42, 0.2) * StrictMath.sin(80 * u + 30 * v + channel));
        }
        return Tensor.floats(values, 3, size, size);
    }

    private static double hill(double x, double y, double radius) {
        return StrictMath.exp(-(x * x + y * y) / (2 * radius * radius));
    }

    /** A colorful picture. */
    public static BufferedImage picture(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, 255 * x / width << 16 | 255 * y / height << 8 | (x * 7 + y * 3) % 256);
            }
        }
        return picture;
    }

    /** A photo. */
    public static BufferedImage photo() throws IOException {
        Path photo = TestData.find("data/photos/chelsea.png").orElseThrow();
        BufferedImage whole = ImageIO.read(photo.toFile());
        BufferedImage square = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 300; y++) {
            for (int x = 0; x < 300; x++) {
                square.setRGB(x, y, whole.getRGB(x + 75, y));
            }
        }
        return HeatmapPainter.resized(square, 224, 224, Resampling.BILINEAR);
    }
}
