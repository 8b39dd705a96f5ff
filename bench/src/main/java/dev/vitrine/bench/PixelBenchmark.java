package dev.vitrine.bench;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Pixel;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Pictures with one pixel changed, a second, by incremental evaluation over plain forward passes in batches of 1 to 64,
 * whichever is fastest.
 *
 * <p>Arguments: the shared folder, the number of changes, the number of counted rounds, and the names of the networks.
 */
public final class PixelBenchmark {
    private static final List<Integer> BATCHES = List.of(1, 4, 16, 64);

    private PixelBenchmark() {}

    public static void main(String[] arguments) {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        int changes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 400;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        List<String> names = arguments.length > 3
                ? List.of(arguments).subList(3, arguments.length)
                : List.of("cifar10-resnet20", "tiny-darknet");
        System.out.println("| network | work | ms a picture | plain over this | processor ms | plain over this |");
        System.out.println("|---|---|---|---|---|---|");
        try (Runner runner = new OnnxRuntimeRunner()) {
            for (String name : names) {
                try (ModelSession session = new ModelSession(
                        new ModelLoader(runner).load(shared.resolve("models/" + name + ".onnx")), runner)) {
                    measure(session, changes, rounds);
                }
            }
        }
    }

    private static void measure(ModelSession session, int changes, int rounds) {
        Model model = session.model();
        Victim victim = new Victim(session);
        int height = model.preprocessing().height();
        int width = model.preprocessing().width();
        Random random = new Random(1);
        float[] picture = new float[victim.size()];
        for (int index = 0; index < picture.length; index++) {
            picture[index] = random.nextFloat();
        }
        List<Pixel> pixels = new ArrayList<>();
        for (int change = 0; change < changes; change++) {
            float[] color = new float[model.channels()];
            for (int channel = 0; channel < color.length; channel++) {
                color[channel] = random.nextFloat();
            }
            pixels.add(new Pixel(random.nextInt(height), random.nextInt(width), color));
        }
        Tensor image = Tensor.floats(picture, 1, model.channels(), height, width);
        List<Stopwatch.Work> works = new ArrayList<>();
        for (int batch : BATCHES) {
            Tensor images = Tensor.concatenate(Collections.nCopies(batch, image));
            int passes = Math.max(1, changes / 8 / batch);
            works.add(new Stopwatch.Work("plain, batches of " + batch, () -> {
                for (int pass = 0; pass < passes; pass++) {
                    session.logits(images);
                }
            }));
        }
        works.add(new Stopwatch.Work("one pixel each", () -> victim.logits(picture, pixels)));
        List<Stopwatch.Times> times = Stopwatch.interleave(1, rounds, works);
        double clock = Double.POSITIVE_INFINITY;
        double processor = Double.POSITIVE_INFINITY;
        for (int index = 0; index < BATCHES.size(); index++) {
            clock = Math.min(clock, times.get(index).median() / count(index, changes));
            processor = Math.min(processor, times.get(index).processorMedian() / count(index, changes));
        }
        for (int index = 0; index < times.size(); index++) {
            double seconds = times.get(index).median() / count(index, changes);
            double spent = times.get(index).processorMedian() / count(index, changes);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.3f | %.2f | %.3f | %.2f |%n",
                    model.name(),
                    times.get(index).name(),
                    1000 * seconds,
                    clock / seconds,
                    1000 * spent,
                    processor / spent);
        }
    }

    private static double count(int index, int changes) {
        return index == BATCHES.size()
                ? changes
                : (double) BATCHES.get(index) * Math.max(1, changes / 8 / BATCHES.get(index));
    }
}
