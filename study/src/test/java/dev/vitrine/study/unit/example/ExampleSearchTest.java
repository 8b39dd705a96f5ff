package dev.vitrine.study.unit.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The search against an obvious one: every map of every picture, sorted. */
class ExampleSearchTest {
    private static final int PICTURES = 23;
    private static final int BROKEN = 6;

    @TempDir
    private Path folder;

    private final Model model = Nets.architecture("vgg-small");

    /** Noise, flat colors and repeated pictures, so that places and pictures tie; one file is no picture. */
    @BeforeEach
    void pictures() throws IOException {
        Random random = new Random(3);
        for (int index = 0; index < PICTURES; index++) {
            Path file = folder.resolve(String.format("%02d.png", index));
            if (index == BROKEN) {
                Files.writeString(file, "no picture");
                continue;
            }
            BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillRect(0, 0, 64, 64);
            graphics.dispose();
            if (index % 4 != 0) {
                // The same for two neighbors.
                Random noise = new Random(index / 2);
                for (int pixel = 0; pixel < 64 * 64; pixel++) {
                    image.setRGB(pixel % 64, pixel / 64, noise.nextInt(1 << 24));
                }
            }
            ImageIO.write(image, "png", file.toFile());
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatBruteForceFinds(Summary summary) {
        List<Probe> probes = new ArrayList<>(Probe.of(ChannelLayer.stages(model)));
        probes.add(Probe.random(probes.get(1).layer(), 3, 7));
        ExampleSearch.Settings settings = new ExampleSearch.Settings(5, 4, summary);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder)) {
            Outcome<Examples> outcome =
                    new ExampleSearch(model, source, probes, settings).run(StudyContext.of(session));
            Examples found = outcome.result();
            assertThat(found.done()).isEqualTo(PICTURES);
            assertThat(found.unreadable()).isEqualTo(1);
            assertThat(outcome.unreadable()).hasSize(1).first().asString().contains("06.png");
            assertThat(found.likeness()).hasSize(probes.size());
            for (int probe = 0; probe < probes.size(); probe++) {
                List<float[]> maps = maps(source, probes.get(probe));
                for (int channel = 0; channel < probes.get(probe).channels(); channel++) {
                    int places = probes.get(probe).layer().places();
                    requireSame(
                            found.strongest(probe, channel),
                            ranked(maps, channel, places, summary, -1),
                            5,
                            probes.get(probe));
                    requireSame(
                            found.weakest(probe, channel),
                            ranked(maps, channel, places, summary, 1),
                            4,
                            probes.get(probe));
                }
            }
        }
    }

    private record Ranked(int picture, double value, int place) {}

    private static void requireSame(List<Example> found, List<Ranked> expected, int count, Probe probe) {
        assertThat(found).hasSize(count);
        for (int rank = 0; rank < count; rank++) {
            Example example = found.get(rank);
            Ranked wanted = expected.get(rank);
            double slack = 1e-5 * (1 + Math.abs(wanted.value()));
            assertThat((double) example.value()).as(probe.name()).isCloseTo(wanted.value(), within(slack));
            // Within rounding of its neighbors a picture may change places with them.
            boolean alone = (rank == 0 || Math.abs(expected.get(rank - 1).value() - wanted.value()) > slack)
                    && Math.abs(expected.get(rank + 1).value() - wanted.value()) > slack;
            if (alone) {
                assertThat(example.picture()).as(probe.name()).isEqualTo(wanted.picture());
                int place = example.row() * probe.layer().width() + example.column();
                assertThat(place)
                        .as("%s, picture %d", probe.name(), example.picture())
                        .isEqualTo(wanted.place());
            }
        }
    }

    /** Whole maps of every picture that can be read, one picture a run. */
    private List<float[]> maps(PictureSource source, Probe probe) {
        ReducedGraph whole = ReducedGraph.whole(model, List.of(probe), Summary.MAXIMUM);
        List<float[]> maps = new ArrayList<>();
        try (Executable executable = Nets.RUNNER.load(new Cut(whole.graph().outputs()).apply(whole.graph()))) {
            for (int index = 0; index < source.size(); index++) {
                if (index == BROKEN) {
                    maps.add(new float[0]);
                    continue;
                }
                Tensor input = model.preprocessing().apply(source.read(index));
                maps.add(executable
                        .run(Map.of(model.input(), input))
                        .get(whole.probes().get(0).rows())
                        .toFloats());
            }
        }
        return maps;
    }

    private static List<Ranked> ranked(List<float[]> maps, int channel, int places, Summary summary, int sign) {
        List<Ranked> all = new ArrayList<>();
        for (int picture = 0; picture < maps.size(); picture++) {
            if (maps.get(picture).length == 0) {
                continue;
            }
            float[] map = java.util.Arrays.copyOfRange(maps.get(picture), channel * places, (channel + 1) * places);
            if (summary == Summary.ABSOLUTE_MAXIMUM) {
                for (int place = 0; place < places; place++) {
                    map[place] = Math.abs(map[place]);
                }
            }
            int best = IntStream.range(0, places)
                    .reduce((a, b) -> map[b] > map[a] ? b : a)
                    .orElseThrow();
            double mean = IntStream.range(0, places)
                    .mapToDouble(place -> map[place])
                    .average()
                    .orElseThrow();
            all.add(new Ranked(picture, summary == Summary.MEAN && places > 1 ? mean : map[best], best));
        }
        all.sort(Comparator.comparingDouble((Ranked one) -> sign * one.value()).thenComparing(Ranked::picture));
        return all;
    }

    @Test
    void equalValuesKeepTheOrderOfThePictures() {
        float[] values = {1, 2, 2, 1, 3, 2, 1};
        for (int cut = 0; cut <= values.length; cut++) {
            assertThat(pictures(Ranking.End.STRONGEST, values, cut)).startsWith(4, 1, 2);
            assertThat(pictures(Ranking.End.WEAKEST, values, cut)).startsWith(0, 3, 6);
        }
    }

    /** Ranked in two runs, of which the second begins at {@code cut}. */
    private static int[] pictures(Ranking.End end, float[] values, int cut) {
        Ranking one = Ranking.empty(end, 1, 3);
        Ranking later = Ranking.empty(end, 1, 3);
        for (int picture = 0; picture < values.length; picture++) {
            (picture < cut ? one : later).offer(0, values[picture], picture, () -> 0);
        }
        return one.and(later).pictures();
    }

    /** A place that lies on no row and column alone: the first in reading order, though other rows and columns come first. */
    @Test
    void aTieBetweenPlacesIsSettledInReadingOrder() throws IOException {
        for (int index = 0; index < PICTURES; index++) {
            Files.delete(folder.resolve(String.format("%02d.png", index)));
        }
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        image.setRGB(40, 10, 0xffffff);
        image.setRGB(9, 30, 0xffffff);
        ImageIO.write(image, "png", folder.resolve("ties.png").toFile());
        Model identity = TinyNetworks.brightness();
        try (ModelSession session = new ModelSession(identity, Nets.RUNNER);
                PictureSource source = PictureSource.open(folder)) {
            Examples found = ExampleSearch.of(identity, source, List.of(ChannelLayer.find(identity, "maps")), 1, 0)
                    .run(StudyContext.of(session))
                    .result();
            assertThat(found.strongest(0, 0)).containsExactly(new Example(0, "ties.png", 1, 10, 40));
        }
    }

    @NeedsShared
    @Test
    void stagesLeaveOutWhatRanksPicturesAlike() {
        Model darknet = Nets.shared("tiny-darknet");
        List<ChannelLayer> stages = ChannelLayer.stages(darknet);
        assertThat(stages)
                .extracting(ChannelLayer::name)
                .hasSize(17)
                .contains("logits", "/net/net.2/LeakyRelu_output_0");
        assertThat(stages).extracting(ChannelLayer::name).noneMatch(name -> name.contains("BatchNormalization"));
    }
}
