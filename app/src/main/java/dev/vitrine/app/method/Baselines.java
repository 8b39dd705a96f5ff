package dev.vitrine.app.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.setting.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Baselines by their names on the command line. */
public final class Baselines {
    private static final List<Baseline> NAMED =
            List.of(Baseline.BLACK, Baseline.GRAY, Baseline.WHITE, Baseline.ZERO, Baseline.MEAN, Baseline.BLUR);

    /** Pictures of a folder. */
    private static final int MOST = 200;

    private Baselines() {}

    /**
     * From black, gray, white, zero, mean, blur, noise, a color, a number or the name of a file.
     *
     * @param seed seed of the noise
     */
    public static Baseline parse(String text, Model model, long seed) {
        String word = text.strip();
        if (word.matches("#[0-9a-fA-F]{6}")) {
            return new Baseline.Color(word.toLowerCase(Locale.ROOT), Integer.parseInt(word.substring(1), 16));
        }
        if (word.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
            return new Baseline.Constant(Double.parseDouble(word));
        }
        if (word.equalsIgnoreCase("noise")) {
            return new Baseline.Noise(seed);
        }
        if (Files.isDirectory(Path.of(word)) || word.toLowerCase(Locale.ROOT).endsWith(".zip")) {
            return several(Path.of(word), model);
        }
        if (!word.toLowerCase(Locale.ROOT).endsWith(".npy")) {
            return NAMED.stream()
                    .filter(known -> known.label().equalsIgnoreCase(Spelling.american(word)))
                    .findFirst()
                    .orElseThrow(() -> VitrineException.usage("--baseline '" + word + "': expected "
                            + NAMED.stream().map(Baseline::label).collect(Collectors.joining(", "))
                            + ", noise, #rrggbb, a number, an .npy file, or a folder of pictures."));
        }
        Path file = Path.of(word);
        Tensor tensor = Npy.read(file);
        long[] expected = model.sampleShape();
        boolean single =
                tensor.rank() == 3 && Arrays.equals(tensor.shape(), Arrays.copyOfRange(expected, 1, expected.length));
        if (tensor.elementType() != ElementType.FLOAT32 || !single && !Arrays.equals(tensor.shape(), expected)) {
            throw VitrineException.usage("--baseline " + file + ": found " + tensor + "; expected FLOAT32"
                    + Arrays.toString(expected) + ", preprocessed as the model's input.");
        }
        return new Baseline.Given(file.getFileName().toString(), tensor.reshape(expected));
    }

    /** Pictures of a folder or archive, evenly spaced if there are more than a method uses. */
    private static Baseline several(Path source, Model model) {
        try (PictureSource pictures = PictureSource.open(source)) {
            int found = pictures.entries().size();
            int count = Math.min(MOST, found);
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = (int) ((long) i * found / count);
                inputs.add(model.preprocessing().apply(pictures.read(index)));
            }
            if (inputs.isEmpty()) {
                throw VitrineException.usage("--baseline " + source + ": found no pictures in it.");
            }
            return new Baseline.Several(source.getFileName() + " (" + inputs.size() + " pictures)", inputs);
        }
    }
}
