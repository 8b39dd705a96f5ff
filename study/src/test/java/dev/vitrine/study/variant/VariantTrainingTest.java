package dev.vitrine.study.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small networks that tell where a light spot is. */
class VariantTrainingTest {
    private static final String RECIPE = """
            name: spots
            input: {size: 12, channels: gray, fit: squash}
            network:
              - conv: {name: conv1, filters: 4, size: 3, pad: 1}
              - relu: {}
              - max-pool: {size: 2}
              - full: {name: full2, units: 8}
              - relu: {}
            data: {pictures: pictures, held-out: 0.25}
            optimizer: {kind: sgd, rate: 0.05}
            batch: 8
            epochs: 4
            """;

    private static final List<String> CHANGES = List.of("remove full2", "conv1: 2, full2: 4", "remove full2");

    @TempDir
    private Path folder;

    @BeforeEach
    void draw() throws IOException {
        for (int side = 0; side < 2; side++) {
            Path own = Files.createDirectories(folder.resolve("pictures").resolve(side == 0 ? "left" : "right"));
            for (int i = 0; i < 16; i++) {
                BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
                image.setRGB(side * 6 + i % 6, 2 * (i / 3), 0xffffff);
                image.setRGB(side * 6 + i % 6, 2 * (i / 3) + 1, 0xffffff);
                ImageIO.write(image, "png", own.resolve(i + ".png").toFile());
            }
        }
        Files.writeString(folder.resolve("pictures/left/broken.png"), "no picture");
        Files.writeString(folder.resolve("spots.yaml"), RECIPE);
    }

    private VariantTraining study(OnnxRuntimeRunner runner, int repeats) {
        return new VariantTraining(
                RecipeReader.read(folder.resolve("spots.yaml")), CHANGES, repeats, runner, folder.resolve("retrained"));
    }

    private static Outcome<Variants> run(VariantTraining study, Watcher watcher) {
        return study.run(new StudyContext(
                model -> {
                    throw new AssertionError(model.name());
                },
                watcher,
                Parts.none(),
                Cadence::usual,
                OptionalInt.empty()));
    }

    private static List<VariantResult> run(VariantTraining study) {
        return run(study, Watcher.NONE).result().results();
    }

    /** Writes down what begins. */
    private static Watcher listening(List<String> begun) {
        return new Watcher() {
            @Override
            public void begin(String work, double share) {
                begun.add(work);
            }

            @Override
            public void report(long done, long total) {}
        };
    }

    private VariantReport report(List<VariantResult> results) {
        return new VariantReport(
                "spots", "pictures", 4, results, "retrained", List.of(), Optional.empty(), Map.of("seed", "0"));
    }

    @Test
    void everyVariantIsTrainedAlikeAndOnce() throws IOException {
        List<String> begun = new ArrayList<>();
        List<VariantResult> results;
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            VariantTraining study = study(runner, 1);
            Outcome<Variants> outcome = run(study, listening(begun));
            results = outcome.result().results();
            assertThat(outcome.result().planned()).isEqualTo(3);
            assertThat(begun)
                    .containsExactly(
                            "unchanged, 1 of 3",
                            "without full2, 2 of 3",
                            "conv1: 4 → 2 filters; full2: 8 → 4 units, 3 of 3");
            // 4·9 + 4, 8·(4·36) + 8, 2·8 + 2; 2·(4·36) + 2; 2·9 + 2, 4·(2·36) + 4, 2·4 + 2
            assertThat(results).extracting(VariantResult::weights).containsExactly(1218L, 330L, 322L);
            assertThat(results)
                    .allSatisfy(result -> assertThat(result.runs())
                            .singleElement()
                            .satisfies(run -> {
                                assertThat(run.learned().pictures()).isEqualTo(25);
                                assertThat(run.heldOut().pictures()).isEqualTo(7);
                            }));
            assertThat(results.get(0).rise(results.get(0)).mean()).isZero();

            Path model = folder.resolve("retrained/unchanged/model.onnx");
            Model trained = new ModelLoader(runner).load(model);
            study.requireDescribed(trained);
            Model other = new ModelLoader(runner).load(folder.resolve("retrained/remove-full2/model.onnx"));
            assertThatThrownBy(() -> study.requireDescribed(other))
                    .hasMessageContainingAll(
                            "does not describe",
                            "layer 2 among those with weights is Gemm 8×144",
                            "Gemm 2×144 in the model");

            FileTime before = Files.getLastModifiedTime(model);
            Outcome<Variants> again = run(study, Watcher.NONE);
            assertThat(again.unreadable())
                    .isEqualTo(outcome.unreadable())
                    .singleElement()
                    .asString()
                    .contains("broken.png");
            assertThat(again).isEqualTo(outcome);
            assertThat(Files.getLastModifiedTime(model)).isEqualTo(before);
        }
        VariantReport report = report(results);
        report.write(folder);
        assertThat(folder.resolve("ablation.png")).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("ablation.html")))
                .contains("without full2", "retrained/remove-full2/training.html", "1,218")
                .doesNotContain("NaN", "Partial");
        assertThat(folder.resolve("retrained/remove-full2/training.html")).isNotEmptyFile();
        assertThat(report.json()).isEqualTo(report(results).json()).contains("\"heldOutError\"", "\"rise\"");
    }

    @Test
    void aStoppedStudyGoesOn() {
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            int[] checks = {0};
            List<Outcome<?>> known = new ArrayList<>();
            Watcher stopping = new Watcher() {
                @Override
                public void report(long done, long total) {}

                @Override
                public void known(Outcome<?> partial) {
                    known.add(partial);
                }

                @Override
                public void check() {
                    if (checks[0]++ > 120) {
                        throw new CancellationException("stopped");
                    }
                }
            };
            Outcome<Variants> stopped = run(study(runner, 1), stopping);
            List<VariantResult> done = stopped.result().results();
            assertThat(done).hasSizeBetween(1, 2);
            assertThat(stopped.missing()).contains(done.size() + " of 3 networks");
            assertThat(known).hasSize(done.size()).last().isEqualTo(stopped);
            assertThat(run(study(runner, 1)))
                    .startsWith(done.toArray(VariantResult[]::new))
                    .hasSize(3);
        }
    }

    @Test
    void repeatsHaveSeedsOfTheirOwnAndKeepWhatIsFinished() throws IOException {
        List<VariantResult> once;
        List<VariantResult> results;
        List<String> begun = new ArrayList<>();
        FileTime first;
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            once = run(study(runner, 1));
            Path model = folder.resolve("retrained/unchanged/model.onnx");
            first = Files.getLastModifiedTime(model);
            Outcome<Variants> thrice = run(study(runner, 3), listening(begun));
            assertThat(thrice.result().planned()).isEqualTo(9);
            results = thrice.result().results();
            assertThat(Files.getLastModifiedTime(model)).isEqualTo(first);
        }
        assertThat(begun).hasSize(9).contains("unchanged, seed 0, 1 of 9", "without full2, seed 2, 6 of 9");
        for (int index = 0; index < 3; index++) {
            assertThat(results.get(index).runs())
                    .startsWith(once.get(index).runs().get(0))
                    .extracting(VariantResult.Run::seed)
                    .containsExactly(0L, 1L, 2L);
        }
        VariantResult unchanged = results.get(0);
        assertThat(unchanged.runs()).extracting(VariantResult.Run::loss).doesNotHaveDuplicates();
        assertThat(folder.resolve("retrained/unchanged_seed-2/training.html")).isNotEmptyFile();
        VariantReport report = report(results);
        assertThat(report.repeats()).isEqualTo(3);
        assertThat(report.html())
                .contains("3 times with seeds 0 to 2", "retrained/unchanged_seed-1/training.html", "standard deviation")
                .doesNotContain("NaN", "95 %");
        assertThat(report.json()).contains("\"repeats\" : 3", "\"heldOutErrorDeviation\"", "\"seed\" : 2");
    }

    @Test
    void spreadsAreOverTheSeeds() {
        VariantResult unchanged = result("unchanged", 1, 2, 3);
        VariantResult changed = result("changed", 2, 4, 6);
        assertThat(unchanged.heldOut().mean()).isCloseTo(0.2, within(1e-12));
        assertThat(unchanged.heldOut().deviation()).isCloseTo(0.1, within(1e-12));
        assertThat(changed.rise(unchanged).mean()).isCloseTo(0.2, within(1e-12));
        assertThat(changed.margin(unchanged)).isCloseTo(0.1, within(1e-12));
        VariantReport report = report(List.of(unchanged, changed));
        assertThat(report.rise(changed)).isEqualTo("+20.00 ± 10.00");
        assertThat(report.rise(unchanged)).isEmpty();
        assertThat(VariantReport.percent(changed.heldOut(), changed)).isEqualTo("40.00 ± 20.00 %");
        VariantResult begun = result("begun", 5);
        assertThat(report(List.of(unchanged, begun)).rise(begun)).isEqualTo("+40.00");
        assertThat(report(List.of(result("unchanged", 1), begun)).rise(begun)).isEqualTo("+40.00 ± 36.14");
    }

    /** Of each training so many wrong of ten. */
    private static VariantResult result(String name, int... wrong) {
        return new VariantResult(
                name,
                100,
                IntStream.range(0, wrong.length)
                        .mapToObj(index -> new VariantResult.Run(
                                name,
                                index,
                                new VariantResult.Wrong(0, 20),
                                new VariantResult.Wrong(wrong[index], 10),
                                0.5,
                                0))
                        .toList());
    }

    @Test
    void aRecipeThatStartsFromAModelIsRefused() throws IOException {
        Path recipe = folder.resolve("on.yaml");
        Files.writeString(recipe, """
                start: {model: net.onnx}
                data: {pictures: pictures}
                optimizer: {rate: 0.1}
                epochs: 1
                """);
        assertThatThrownBy(() ->
                        new VariantTraining(RecipeReader.read(recipe), CHANGES, 1, new OnnxRuntimeRunner(), folder))
                .hasMessageContainingAll("'on' starts from a model", "'network'");
    }
}
