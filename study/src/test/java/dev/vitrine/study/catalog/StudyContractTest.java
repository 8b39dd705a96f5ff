package dev.vitrine.study.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.assignment.CellGrid;
import dev.vitrine.lens.attack.catalog.Attacks;
import dev.vitrine.lens.attack.universal.UniversalPerturbation;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureArray;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.embedding.Start;
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.lens.embedding.layout.PcaLayout;
import dev.vitrine.lens.embedding.tsne.Tsne;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Caricature;
import dev.vitrine.lens.visualization.DeepDream;
import dev.vitrine.lens.visualization.Fooling;
import dev.vitrine.lens.visualization.Inversion;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.Survey;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.ablation.AblationSettings;
import dev.vitrine.study.ablation.ChannelAblation;
import dev.vitrine.study.ablation.Fill;
import dev.vitrine.study.ablation.LayerAblation;
import dev.vitrine.study.attack.ArrayAttack;
import dev.vitrine.study.attack.Goal;
import dev.vitrine.study.attack.folder.FolderAttack;
import dev.vitrine.study.attack.picture.PictureAttack;
import dev.vitrine.study.attack.universal.UniversalAttack;
import dev.vitrine.study.calibration.CalibrationSurvey;
import dev.vitrine.study.cue.ConflictStudy;
import dev.vitrine.study.cue.CuePair;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.embedding.KeptCodes;
import dev.vitrine.study.embedding.Pooling;
import dev.vitrine.study.grid.MapSource;
import dev.vitrine.study.grid.PictureGrid;
import dev.vitrine.study.growth.Checkpoint;
import dev.vitrine.study.growth.GrowthSettings;
import dev.vitrine.study.growth.GrowthStudy;
import dev.vitrine.study.invariance.InvarianceSurvey;
import dev.vitrine.study.map.MapStudy;
import dev.vitrine.study.map.MappedNetwork;
import dev.vitrine.study.map.PropertySurvey;
import dev.vitrine.study.occlusion.OcclusionStudy;
import dev.vitrine.study.picture.ClassFolders;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.LabeledPictures;
import dev.vitrine.study.probe.ProbePlan;
import dev.vitrine.study.probe.ProbeStudy;
import dev.vitrine.study.robustness.CorruptionSurvey;
import dev.vitrine.study.robustness.RobustnessPlan;
import dev.vitrine.study.robustness.RobustnessStudy;
import dev.vitrine.study.robustness.sheet.CorruptedPictures;
import dev.vitrine.study.shape.ClassMap;
import dev.vitrine.study.shape.CueSurvey;
import dev.vitrine.study.shape.ShapeStudy;
import dev.vitrine.study.stress.ObjectFinder;
import dev.vitrine.study.stress.StressStudy;
import dev.vitrine.study.synthesis.Dreaming;
import dev.vitrine.study.synthesis.Exaggerating;
import dev.vitrine.study.synthesis.Frames;
import dev.vitrine.study.synthesis.Inverting;
import dev.vitrine.study.synthesis.Misleading;
import dev.vitrine.study.synthesis.Painting;
import dev.vitrine.study.synthesis.Visualizing;
import dev.vitrine.study.unit.activation.ActivationStudy;
import dev.vitrine.study.unit.dead.DeadSearch;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.Probe;
import dev.vitrine.study.unit.filter.FilterStudy;
import dev.vitrine.study.unit.portrait.PortraitStudy;
import dev.vitrine.study.unit.portrait.UnitStudy;
import dev.vitrine.study.variant.VariantTraining;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every study of the list. To add a study is to add a case. */
class StudyContractTest {
    private static final int PICTURES = 11;
    private static final int BROKEN = 5;

    /** Asks a study about a small network and some pictures, of which one cannot be read. */
    private interface Case {
        Study<?> of(Model model, PictureList pictures);
    }

    private static final Map<String, Case> CASES = Map.ofEntries(
            of("explain", (model, pictures) -> ExplanationCases.explain(model, pictures, StudyContractTest.drawn)),
            of("segment", ExplanationCases::segment),
            of("trust", ExplanationCases::trust),
            of("where", ExplanationCases::where),
            of("dead", (model, pictures) -> new DeadSearch(model, pictures, ChannelLayer.all(model))),
            of("attack", StudyContractTest::attack),
            of("attack-folder", StudyContractTest::attackOnFolder),
            of(
                    "attack-universal",
                    (model, pictures) -> new UniversalAttack(
                            model,
                            pictures,
                            Collections.nCopies(pictures.size(), 1),
                            new UniversalPerturbation(8 / 255.0, 2 / 255.0, 6, 2, 0),
                            Goal.ANY)),
            of(
                    "robustness",
                    (model, pictures) ->
                            new RobustnessStudy(List.of(corrupted(model, pictures), corrupted(model, pictures)))),
            of("robustness-network", StudyContractTest::corrupted),
            of(
                    "corrupt",
                    (model, pictures) -> new CorruptedPictures(
                            model, pictures, corrupted(model, pictures).plan())),
            of(
                    "attack-pictures",
                    (model, pictures) -> new PictureAttack(model, pictures, Attacks.find("fgsm"), Goal.leastLikely())),
            of(
                    "shape-bias",
                    (model, pictures) ->
                            new ShapeStudy(List.of(cues(model, pictures, "a"), cues(model, pictures, "b")))),
            of("shape-bias-network", (model, pictures) -> cues(model, pictures, "a")),
            of("cue-conflict", StudyContractTest::conflicts),
            of(
                    "invariance",
                    (model, pictures) -> new InvarianceSurvey(
                            model,
                            pictures,
                            InvarianceSurvey.usual(model),
                            List.of("scale", "rotation"),
                            new Targets(1, List.of()))),
            of("calibration", (model, pictures) -> new CalibrationSurvey(model, known(model, pictures))),
            of("codes", StudyContractTest::codes),
            of("embed", StudyContractTest::embedding),
            of("grid", StudyContractTest::grid),
            of("map", StudyContractTest::map),
            of("map-properties", PropertySurvey::new),
            of("examples", StudyContractTest::examples),
            of("unit-portrait", (model, pictures) -> new PortraitStudy(model, pictures, unit(model), 3)),
            of("unit", StudyContractTest::unit),
            of(
                    "activations",
                    (model, pictures) -> new ActivationStudy(
                            model, pictures, ChannelLayer.stages(model).subList(0, 2), ActivationStudy.Shown.USUAL)),
            of(
                    "filters",
                    (model, pictures) ->
                            new FilterStudy(model, FilterStudy.usualLayer(model), FilterStudy.Settings.USUAL)),
            of("occlude", StudyContractTest::occlusion),
            of(
                    "stress",
                    (model, pictures) -> new StressStudy(
                            model, pictures, new Warmest(), Optional.empty(), new StressStudy.Settings(0, 3))),
            of(
                    "ablate-layers",
                    (model, pictures) ->
                            new LayerAblation(model, known(model, pictures), Fill.MEAN, List.of(), Optional.empty())),
            of(
                    "ablate-channels",
                    (model, pictures) -> new ChannelAblation(
                            model, known(model, pictures), AblationSettings.USUAL, Optional.of(8), List.of())),
            of("ablate-variants", (model, pictures) -> variants(pictures)),
            of("growth", StudyContractTest::growth),
            of("probe", StudyContractTest::probe),
            of(
                    "visualize",
                    (model, pictures) -> new Visualizing(
                            model,
                            List.of(wanted(0), wanted(1)),
                            ActivationMaximization.MODERN.withSteps(2),
                            new Visualizing.Words("modern", "noise"),
                            1,
                            Frames.Kept.SOME)),
            of(
                    "dream",
                    (model, pictures) -> new Dreaming(
                            model,
                            "0.png",
                            pictures.read(0),
                            new MeanSquare(model.anatomy().content()),
                            new DeepDream(1, 1.4, 2, 0.01, 2),
                            1)),
            of(
                    "caricature",
                    (model, pictures) -> new Exaggerating(
                            model, "0.png", pictures.read(0), model.anatomy().scales(), new Caricature(2, 0.05, 4), 1)),
            of("fool", (model, pictures) -> new Misleading(model, "noise", Optional.empty(), 1, new Fooling(2, 0), 1)),
            of(
                    "invert",
                    (model, pictures) -> new Inverting(
                            model,
                            "0.png",
                            model.preprocessing().view(pictures.read(0)),
                            model.anatomy().scales(),
                            new Inversion(2, 0.05, 1, 1),
                            1)),
            of(
                    "style",
                    (model, pictures) -> new Painting(
                            model,
                            new Painting.Named("0.png", pictures.read(0)),
                            new Painting.Named("1.png", pictures.read(1)),
                            new StyleTransfer.Chosen(
                                    List.of(model.anatomy().content()),
                                    model.anatomy().textures()),
                            Painting.From.CONTENT,
                            StyleTransfer.STYLE.withSteps(2),
                            1,
                            Frames.Kept.NONE)),
            of(
                    "texture",
                    (model, pictures) -> Painting.texture(
                            model,
                            new Painting.Named("0.png", pictures.read(0)),
                            model.anatomy().textures(),
                            StyleTransfer.TEXTURE.withSteps(2),
                            1,
                            Frames.Kept.SOME)));

    private static Visualizing.Wanted wanted(int target) {
        return new Visualizing.Wanted(
                "class-" + target, "class " + target, new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(target)));
    }

    private static Map.Entry<String, Case> of(String id, Case study) {
        return Map.entry(id, study);
    }

    private static ExampleSearch examples(Model model, PictureList pictures) {
        ChannelLayer layer = ChannelLayer.stages(model).get(0);
        return new ExampleSearch(
                model,
                pictures,
                List.of(Probe.of(layer), Probe.random(layer, 2, 1)),
                new ExampleSearch.Settings(3, 2, Summary.MEAN));
    }

    private static UnitName unit(Model model) {
        return UnitName.parse(ChannelLayer.stages(model).get(0).name() + ":1", model);
    }

    /** What is warmer than the mean. */
    private record Warmest() implements ObjectFinder {
        @Override
        public String name() {
            return "warmest";
        }

        @Override
        public boolean[] find(Picture view, Supplier<List<Tensor>> heats) {
            float[] values = heats.get().get(0).toFloats();
            double mean = IntStream.range(0, values.length)
                    .mapToDouble(at -> values[at])
                    .average()
                    .orElseThrow();
            boolean[] object = new boolean[values.length];
            for (int at = 0; at < object.length; at++) {
                object[at] = values[at] > mean;
            }
            return object;
        }
    }

    private static OcclusionStudy occlusion(Model model, PictureList pictures) {
        OcclusionStudy.Settings settings =
                new OcclusionStudy.Settings(OptionalInt.of(32), OptionalInt.of(16), Occlusion.Shape.SQUARE);
        return new OcclusionStudy(
                model,
                pictures,
                settings.on(model, Baseline.GRAY),
                OcclusionStudy.usualLayer(model),
                new Targets(1, List.of()));
    }

    private static UnitStudy unit(Model model, PictureList pictures) {
        return new UnitStudy(model, unit(model), Optional.of(pictures), Optional.empty(), new UnitStudy.Settings(3, 2));
    }

    /** Every other picture in one class, the rest in another. */
    private static KnownPictures known(Model model, PictureList pictures) {
        List<LabeledPictures.Item> items = IntStream.range(0, pictures.size())
                .mapToObj(index -> new LabeledPictures.Item(index, pictures.name(index), index % 2))
                .toList();
        LabeledPictures labeled = new LabeledPictures(Path.of("noise"), pictures, List.of("even", "odd"), items);
        return new KnownPictures(labeled, List.of(0, 1), new ClassFolders(Map.of("even", 0, "odd", 1), List.of()));
    }

    private static CorruptionSurvey corrupted(Model model, PictureList pictures) {
        RobustnessPlan plan = new RobustnessPlan(
                List.of("gaussian_noise", "fog", "speckle_noise"), List.of(1, 3), RobustnessPlan.Encoding.NONE, 1);
        return new CorruptionSurvey(model, known(model, pictures), plan);
    }

    private static ConflictStudy conflicts(Model model, PictureList pictures) {
        List<CuePair> pairs = List.of(new CuePair("cat1-dog1.png", 0, 1), new CuePair("dog2-cat2.png", 1, 0));
        StyleTransfer.Chosen layers = new StyleTransfer.Chosen(
                List.of(model.anatomy().content()), model.anatomy().textures());
        return new ConflictStudy(model, pictures, pictures, pairs, layers, StyleTransfer.STYLE.withSteps(2), 1);
    }

    private static CueSurvey cues(Model model, PictureList pictures, String subject) {
        PictureList named = new PictureList() {
            @Override
            public int size() {
                return pictures.size();
            }

            @Override
            public String name(int index) {
                return "cat" + index + "-dog1.png";
            }

            @Override
            public Picture read(int index) {
                return pictures.read(index);
            }

            @Override
            public String content(int index) {
                return pictures.content(index);
            }
        };
        ClassMap map = new ClassMap(List.of("cat", "dog", "bear"), List.of(List.of(0, 3), List.of(1), List.of(2, 4)));
        return new CueSurvey(model, subject, named, map);
    }

    private static ProbeStudy probe(Model model, PictureList pictures) {
        try {
            Path features = Files.createTempDirectory(shared, "features");
            return new ProbeStudy(model, known(model, pictures).pictures(), ProbePlan.USUAL, List.of(), features);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The same network five times, the fifth compared with the others. */
    private static GrowthStudy growth(Model model, PictureList pictures) {
        try {
            PictureSource source = PictureSource.open(files(pictures).resolve("pictures"));
            List<Checkpoint> checkpoints = IntStream.range(0, 5)
                    .mapToObj(index -> new Checkpoint("epoch-" + index, "digest " + index, () -> new Checkpoint.Open() {
                        private final ModelSession session = new ModelSession(model, Nets.RUNNER);

                        @Override
                        public ModelSession session() {
                            return session;
                        }

                        @Override
                        public void close() {
                            session.close();
                        }
                    }))
                    .toList();
            return new GrowthStudy(checkpoints, source, List.of(), List.of(), new GrowthSettings(1, 5, 4, 0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The pictures as files, below a folder of their own. */
    private static Path files(PictureList pictures) throws IOException {
        Path folder = Files.createTempDirectory(shared, "files");
        for (int index = 0; index < pictures.size(); index++) {
            Path file = folder.resolve("pictures/" + index % 2 + "/" + index + ".png");
            Files.createDirectories(file.getParent());
            if (index == BROKEN) {
                Files.writeString(file, "no picture");
            } else {
                ImageIO.write(Images.of(pictures.read(index)), "png", file.toFile());
            }
        }
        return folder;
    }

    /** A network of two layers, trained by pictures in a folder of its own. */
    private static VariantTraining variants(PictureList pictures) {
        try {
            Path folder = files(pictures);
            Path recipe = folder.resolve("recipe.yaml");
            Files.writeString(recipe, """
                    name: small
                    input: {size: 12, fit: squash}
                    network:
                      - conv: {name: conv1, filters: 4, size: 3, stride: 2}
                      - relu: {}
                    data: {pictures: pictures, held-out: 0.4}
                    optimizer: {rate: 0.01}
                    batch: 2
                    epochs: 1
                    """);
            return new VariantTraining(
                    RecipeReader.read(recipe), List.of("conv1: 2"), 1, Nets.RUNNER, folder.resolve("trained"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @TempDir
    private static Path drawn;

    @TempDir
    private static Path shared;

    private static final Model MODEL = Nets.architecture("vgg-small");

    @TempDir
    private Path folder;

    private record Noise(int size) implements PictureList {
        @Override
        public String name(int index) {
            return "class/" + index + ".png";
        }

        @Override
        public Picture read(int index) {
            if (index == BROKEN) {
                throw VitrineException.failure(name(index) + ": is broken");
            }
            byte[] rgb = new byte[64 * 64 * 3];
            new Random(index).nextBytes(rgb);
            return Picture.wrap(64, 64, rgb);
        }

        @Override
        public String content(int index) {
            return "content " + index;
        }
    }

    static Stream<Studies.Entry<?>> all() {
        return Studies.ALL.stream();
    }

    static Stream<Studies.Entry<?>> surveys() {
        return all().filter(entry -> Survey.class.isAssignableFrom(entry.study()));
    }

    private static Study<?> study(Studies.Entry<?> entry, PictureList pictures) {
        return CASES.get(entry.id()).of(MODEL, pictures);
    }

    private static Study<?> codes(Model model, PictureList pictures) {
        return new CodeExtraction(model, pictures, ChannelLayer.stages(model), Pooling.MAX, emptyFolder());
    }

    private static Path emptyFolder() {
        try {
            return Files.createTempDirectory(shared, "codes");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Study<?> grid(Model model, PictureList pictures) {
        try {
            Path folder = Files.createTempDirectory(shared, "grid");
            MapSource map = new MapSource.LaidOut(
                    model,
                    pictures,
                    ChannelLayer.stages(model).get(0),
                    new PcaLayout(Pca.Scaling.NONE),
                    Embedding.Scale.NONE,
                    OptionalInt.of(3),
                    0,
                    new KeptCodes(folder, Map.of()));
            return new PictureGrid(map, CellGrid.Fitting.OPTIMAL, OptionalInt.empty());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Of numbers in place of codes. */
    private static Study<?> embedding(Model model, PictureList pictures) {
        double[] values = new Random(pictures.size()).doubles(40L * 6).toArray();
        Tsne brief = new Tsne(List.of(5.0), 30, 10, 12, Start.PCA, Tsne.Repelling.AUTO, 0.5, OptionalDouble.empty());
        return new Embedding(
                Nets.RUNNER,
                Codes.of(values, 6),
                Optional.empty(),
                brief,
                2,
                Embedding.Scale.STANDARDIZED,
                OptionalInt.of(4),
                0);
    }

    private static Study<?> map(Model model, PictureList pictures) {
        List<ChannelLayer> layers = ChannelLayer.stages(model);
        UnitName unit = new UnitName(layers.get(0), OptionalInt.of(1), Optional.empty());
        return new MapStudy(
                List.of(
                        new MappedNetwork(model, layers.subList(0, 2), List.of(unit)),
                        new MappedNetwork(model, layers.subList(1, 2), List.of())),
                pictures,
                Pooling.MEAN,
                Layouts.find("pca"),
                List.of(),
                0,
                emptyFolder());
    }

    /** Of pictures labeled at random, by one step within each of three bounds. */
    private static Study<?> attackOnFolder(Model model, PictureList pictures) {
        return new FolderAttack(
                model,
                pictures,
                IntStream.range(0, pictures.size())
                        .map(index -> index % 3)
                        .boxed()
                        .toList(),
                Stream.of(2, 8, 32)
                        .map(level -> Settings.with(Attacks.find("fgsm"), "epsilon", level / 255.0))
                        .toList(),
                Goal.random(3),
                emptyFolder());
    }

    private static Study<?> attack(Model model, PictureList pictures) {
        int side = model.preprocessing().width();
        float[] values = new float[5 * 3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) new Random(i / 50).nextDouble();
        }
        return new ArrayAttack(
                model,
                Settings.with(Attacks.find("bim"), "steps", 2),
                new PictureArray(5, side, side, 3, values),
                new int[5],
                Optional.empty(),
                ArrayAttack.Bits.REAL);
    }

    @Test
    void everyStudyHasACase() {
        assertThat(CASES.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        all().map(Studies.Entry::id).toList());
        all().forEach(entry -> assertThat(study(entry, new Noise(2)))
                .as(entry.id())
                .isInstanceOf(entry.study())
                .extracting(Study::id)
                .isEqualTo(entry.id()));
    }

    private static Outcome<?> run(Study<?> study, Watcher watcher, Parts parts, OptionalInt batch) {
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            return study.run(new StudyContext(model -> session, watcher, parts, Cadence::always, batch));
        }
    }

    private static Outcome<?> run(Study<?> study) {
        return run(study, Watcher.NONE, Parts.none(), OptionalInt.empty());
    }

    @ParameterizedTest
    @MethodSource("all")
    void answersReadBackAndAreTheSameBytesAgain(Studies.Entry<?> entry) {
        Outcome<?> first = run(study(entry, new Noise(PICTURES)));
        String text = StudyJson.text(first.result());
        Object read = StudyJson.read(text, entry.answer());
        assertThat(read)
                .usingRecursiveComparison()
                .withComparatorForType(Double::compare, Double.class)
                .withEqualsForType(
                        (one, other) -> StudyJson.text(one).equals(StudyJson.text(other)), BufferedImage.class)
                .isEqualTo(first.result());
        assertThat(StudyJson.text(read)).isEqualTo(text);
        assertThat(StudyJson.text(run(study(entry, new Noise(PICTURES))).result()))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void unreadablePicturesAreNamedAndTheRestAnswers(Studies.Entry<?> entry) {
        List<String> named = new ArrayList<>();
        Watcher watcher = new Watcher() {
            @Override
            public void report(long done, long total) {}

            @Override
            public void leftOut(String problem) {
                named.add(problem);
            }
        };
        Outcome<?> outcome = run(study(entry, new Noise(PICTURES)), watcher, Parts.none(), OptionalInt.empty());
        assertThat(named).hasSize(1).first().asString().contains("class/5.png: is broken");
        assertThat(outcome.unreadable()).isEqualTo(named);
        assertThat(outcome.isPartial()).isFalse();
        assertThatThrownBy(() -> run(study(entry, new Noise(PICTURES).only(List.of(BROKEN)))))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("is broken");
    }

    /** Stops once so many batches are done. */
    private static Watcher stopAfter(int batches) {
        AtomicInteger left = new AtomicInteger(batches);
        return new Watcher() {
            @Override
            public void report(long done, long total) {
                left.decrementAndGet();
            }

            @Override
            public void check() {
                if (left.get() <= 0) {
                    throw new CancellationException("stopped");
                }
            }
        };
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void stoppedAndResumedEqualsNeverStopped(Studies.Entry<?> entry) {
        String whole =
                StudyJson.text(run(study(entry, new Noise(PICTURES)), Watcher.NONE, Parts.none(), OptionalInt.of(2))
                        .result());
        int size = batch((Survey<?, ?>) study(entry, new Noise(PICTURES)), 2);
        for (int batches = 1; batches < PICTURES / 2; batches++) {
            Path kept = folder.resolve("after-" + batches);
            Parts parts = Parts.in(kept, "test");
            Outcome<?> stopped = run(study(entry, new Noise(PICTURES)), stopAfter(batches), parts, OptionalInt.of(2));
            assertThat(stopped.isPartial()).isTrue();
            assertThat(stopped.missing()).contains(size * batches + " of " + PICTURES + " pictures");
            AtomicInteger looked = new AtomicInteger();
            Watcher counting = (done, total) -> looked.incrementAndGet();
            Outcome<?> resumed =
                    run(study(entry, new Noise(PICTURES)), counting, Parts.in(kept, "test"), OptionalInt.of(2));
            assertThat(StudyJson.text(resumed.result())).isEqualTo(whole);
            assertThat(looked.get()).isEqualTo((PICTURES + size - 1) / size - batches);
        }
    }

    /** Pictures in its batches where a number is asked for. */
    private static int batch(Survey<?, ?> survey, int asked) {
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            return Math.min(asked, survey.batch(session));
        }
    }

    /** Studies of a single piece, which report no progress. */
    private static final Set<String> WHOLE = Set.of("activations", "filters");

    static Stream<Studies.Entry<?>> studiesOfPieces() {
        return all().filter(entry -> !Survey.class.isAssignableFrom(entry.study()))
                .filter(entry -> !WHOLE.contains(entry.id()));
    }

    @ParameterizedTest
    @MethodSource("studiesOfPieces")
    void piecesThatAreDoneAreNotDoneAgain(Studies.Entry<?> entry) {
        AtomicInteger reports = new AtomicInteger();
        Watcher counting = (done, total) -> reports.incrementAndGet();
        Study<?> study = study(entry, new Noise(PICTURES));
        String whole = StudyJson.text(
                run(study, counting, Parts.none(), OptionalInt.of(2)).result());
        int all = reports.get();
        assertThat(all).isPositive();
        for (int stop : List.of(1, all / 3, all - 2)) {
            Path kept = folder.resolve("after-" + stop);
            Study<?> again = study(entry, new Noise(PICTURES));
            try {
                Outcome<?> stopped = run(again, stopAfter(stop), Parts.in(kept, "test"), OptionalInt.of(2));
                assertThat(stopped.isPartial()
                                || StudyJson.text(stopped.result()).equals(whole))
                        .isTrue();
            } catch (CancellationException nothingYet) {
                // There was nothing to tell.
            }
            reports.set(0);
            Parts parts = Parts.in(kept, "test");
            Outcome<?> resumed = run(again, counting, parts, OptionalInt.of(2));
            assertThat(StudyJson.text(resumed.result())).isEqualTo(whole);
            assertThat(reports.get()).isLessThanOrEqualTo(2 * stop > all ? all - 1 : all);
            parts.remove();
            assertThat(kept).doesNotExist();
        }
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void anotherQuestionDoesNotGoOn(Studies.Entry<?> entry) {
        Path kept = folder.resolve("kept");
        run(study(entry, new Noise(PICTURES)), stopAfter(1), Parts.in(kept, "test"), OptionalInt.of(2));
        assertThatThrownBy(() -> run(
                        study(entry, new Noise(PICTURES - 1)), Watcher.NONE, Parts.in(kept, "test"), OptionalInt.of(2)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("unfinished work of another run");
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void doesNotDependOnTheBatchSize(Studies.Entry<?> entry) {
        JsonNode expected = json(run(study(entry, new Noise(PICTURES))).result());
        for (int size : List.of(1, 3)) {
            JsonNode found =
                    json(run(study(entry, new Noise(PICTURES)), Watcher.NONE, Parts.none(), OptionalInt.of(size))
                            .result());
            requireClose(entry.id(), expected, found);
        }
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void mergingIsAssociative(Studies.Entry<?> entry) {
        requireAssociative((Survey<?, ?>) study(entry, new Noise(PICTURES)));
    }

    private static <P, R> void requireAssociative(Survey<P, R> survey) {
        List<P> parts = new ArrayList<>();
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER);
                Survey.Look<P> look = survey.open(session, 1)) {
            for (int index = 0; index < 4; index++) {
                parts.add(look.at(Batch.of(MODEL, survey.pictures(), survey.need(), index)));
            }
        }
        Survey.Seen seen = new Survey.Seen(4, 0, 4);
        P left = parts.stream().reduce(survey::merge).orElseThrow();
        P right = IntStream.rangeClosed(1, 4)
                .mapToObj(back -> parts.get(4 - back))
                .reduce((later, earlier) -> survey.merge(earlier, later))
                .orElseThrow();
        requireClose(survey.id(), json(survey.finish(left, seen)), json(survey.finish(right, seen)));
    }

    private static JsonNode json(Object answer) {
        return new JsonMapper().readTree(StudyJson.text(answer));
    }

    private static void requireClose(String where, JsonNode expected, JsonNode found) {
        assertThat(found.getNodeType()).as(where).isEqualTo(expected.getNodeType());
        if (expected.isNumber()) {
            assertThat(found.asDouble())
                    .as(where)
                    .isCloseTo(expected.asDouble(), within(1e-5 + 1e-5 * Math.abs(expected.asDouble())));
        } else if (expected.isContainer()) {
            assertThat(found.size()).as(where).isEqualTo(expected.size());
            if (expected.isObject()) {
                expected.propertyNames()
                        .forEach(name -> requireClose(where + "." + name, expected.get(name), found.get(name)));
            } else {
                IntStream.range(0, expected.size())
                        .forEach(index ->
                                requireClose(where + "[" + index + "]", expected.get(index), found.get(index)));
            }
        } else {
            assertThat(found).as(where).isEqualTo(expected);
        }
    }
}
