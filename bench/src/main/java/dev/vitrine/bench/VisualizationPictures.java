package dev.vitrine.bench;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Caricature;
import dev.vitrine.lens.visualization.DeepDream;
import dev.vitrine.lens.visualization.Fooling;
import dev.vitrine.lens.visualization.Inversion;
import dev.vitrine.lens.visualization.Rgb;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.optimization.Search;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Draws the pictures of the manual's pages about made pictures, {@code docs/images/visualization/ID.jpg}, and a montage of
 * channels from early to late layers, {@code channels.jpg}.
 *
 * <p>Arguments: the shared folder and the folder of pictures, {@code ../shared docs/images} where left out; then the ids
 * of those that are drawn, all where left out.
 */
public final class VisualizationPictures {
    private static final float QUALITY = 0.9f;
    private static final int SIDE = 192;
    private static final int SMALL_SIDE = 160;
    private static final int CHANNEL_SIDE = 128;
    private static final int CHANNEL_STEPS = 192;
    private static final int INVERSION_STEPS = 100;
    private static final int STYLE_STEPS = 120;
    private static final int TEXTURE_STEPS = 150;
    private static final long SEED = 1;

    private final ModelSession darknet;
    private final ModelSession squeezenet;
    private final Path photos;

    private VisualizationPictures(ModelSession darknet, ModelSession squeezenet, Path photos) {
        this.darknet = darknet;
        this.squeezenet = squeezenet;
        this.photos = photos;
    }

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        Path target =
                Path.of(arguments.length > 1 ? arguments[1] : "docs/images").resolve("visualization");
        List<String> chosen = arguments.length > 2
                ? List.of(arguments).subList(2, arguments.length)
                : List.of(
                        "channels",
                        "activation-maximization",
                        "deep-dream",
                        "caricature",
                        "fooling",
                        "inversion",
                        "style-transfer",
                        "texture-synthesis");
        try (Runner runner = new OnnxRuntimeRunner();
                ModelSession darknet = open("tiny-darknet", shared, runner);
                ModelSession squeezenet = open("squeezenet-caltech101", shared, runner)) {
            VisualizationPictures pictures =
                    new VisualizationPictures(darknet, squeezenet, shared.resolve("data/photos"));
            for (String id : chosen) {
                Montage montage = pictures.montage(id);
                Path file = target.resolve(id + ".jpg");
                OutputFile.write(file, output -> write(montage.image(), output));
                System.out.println(file);
            }
        }
    }

    private static ModelSession open(String name, Path shared, Runner runner) {
        return new ModelSession(new ModelLoader(runner).load(shared.resolve("models/" + name + ".onnx")), runner);
    }

    private static void write(BufferedImage picture, OutputStream output) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(output)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }

    private Montage montage(String id) {
        return switch (id) {
            case "channels" -> channels();
            case "activation-maximization" -> classes();
            case "deep-dream" -> dreams();
            case "caricature" -> caricatures();
            case "fooling" -> fooled();
            case "inversion" -> inverted();
            case "style-transfer" -> painted();
            case "texture-synthesis" -> woven();
            default -> throw new IllegalArgumentException("no picture '" + id + "'");
        };
    }

    private Picture photo(String name, int longest) {
        Picture photo = PictureReader.read(photos.resolve(name));
        double scale = (double) longest / Math.max(photo.width(), photo.height());
        return Resampler.resize(
                photo,
                (int) Math.round(photo.width() * scale),
                (int) Math.round(photo.height() * scale),
                Resampling.LANCZOS);
    }

    private static Montage.Cell cell(Picture picture, String caption) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                image.setRGB(x, y, picture.color(x, y));
            }
        }
        return new Montage.Cell(image, caption);
    }

    private static Picture maximized(ModelSession session, ActivationMaximization method, Objective objective) {
        try (ActivationMaximization.Maximizer maximizer = method.on(session, objective)) {
            return maximizer.run(SEED, Progress.NONE).picture(0);
        }
    }

    private Montage channels() {
        List<Montage.Cell> cells = new ArrayList<>();
        for (ModelSession session : List.of(darknet, squeezenet)) {
            List<Value> stages = session.model().anatomy().scales();
            for (Value layer : stages.subList(stages.size() - 4, stages.size())) {
                for (int channel : new int[] {3, 11}) {
                    Picture made = maximized(
                            session,
                            ActivationMaximization.MODERN
                                    .withSteps(CHANNEL_STEPS)
                                    .withSize(CHANNEL_SIDE, CHANNEL_SIDE),
                            new UnitScore(layer, new UnitScore.Channel(channel)));
                    cells.add(cell(made, shortName(session, layer) + ":" + channel));
                }
            }
        }
        return new Montage(cells, 8);
    }

    /** SqueezeNet's {@code /fire3/Concat_output_0} is {@code SqueezeNet fire3}. */
    private static String shortName(ModelSession session, Value layer) {
        String[] parts = layer.name().replace("_output_0", "").split("/");
        String module = parts[Math.max(0, parts.length - 2)];
        String model = session.model().name();
        return (model.startsWith("Tiny") ? "Darknet" : "SqueezeNet") + " "
                + (module.isEmpty() ? parts[parts.length - 1] : module);
    }

    private Montage classes() {
        List<Montage.Cell> cells = new ArrayList<>();
        ActivationMaximization modern =
                ActivationMaximization.MODERN.withSteps(CHANNEL_STEPS).withSize(SMALL_SIDE, SMALL_SIDE);
        cells.add(aClass(darknet, "golden retriever", modern));
        cells.add(aClass(darknet, "king penguin", modern));
        cells.add(aClass(squeezenet, "Leopards", modern));
        cells.add(aClass(
                darknet,
                "golden retriever",
                ActivationMaximization.CLASSIC.withSteps(CHANNEL_STEPS).withSize(SMALL_SIDE, SMALL_SIDE)));
        return new Montage(cells, 4);
    }

    private static Montage.Cell aClass(ModelSession session, String name, ActivationMaximization method) {
        Model model = session.model();
        int target = model.labels().find(name);
        Picture made = maximized(session, method, new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(target)));
        String form = method.tidying().equals(ActivationMaximization.CLASSIC.tidying()) ? ", classic" : "";
        return cell(made, model.name() + ": " + model.labels().name(target).split(",")[0] + form);
    }

    private Montage dreams() {
        Picture photo = photo("astronaut.png", 320);
        List<Montage.Cell> cells = new ArrayList<>(List.of(cell(photo, "the photo (NASA)")));
        for (ModelSession session : List.of(darknet, squeezenet)) {
            Value layer = session.model().anatomy().content();
            Picture made = DeepDream.USUAL
                    .run(session, photo, new MeanSquare(layer), SEED, Progress.NONE)
                    .picture(0);
            cells.add(cell(made, shortName(session, layer)));
        }
        return new Montage(cells, 3);
    }

    private Montage caricatures() {
        Picture photo = photo("astronaut.png", SIDE);
        List<Montage.Cell> cells = new ArrayList<>(List.of(cell(photo, "the photo (NASA)")));
        List<Value> stages = darknet.model().anatomy().scales();
        for (Value layer : stages.subList(stages.size() - 3, stages.size())) {
            Picture made = Caricature.USUAL
                    .run(darknet, photo, layer, SEED, Progress.NONE)
                    .picture(0);
            cells.add(cell(made, shortName(darknet, layer)));
        }
        return new Montage(cells, 4);
    }

    private Montage fooled() {
        Model model = darknet.model();
        Picture view = model.preprocessing().view(PictureReader.read(photos.resolve("chelsea.png")));
        int target = model.labels().find("toaster");
        Fooling method = Fooling.USUAL;
        Picture fooled =
                method.fromPicture(darknet, view, target, Progress.NONE).picture(0);
        float[] before = Rgb.values(view, 3);
        float[] change = Rgb.values(fooled, 3);
        float most = 0;
        for (int i = 0; i < change.length; i++) {
            change[i] -= before[i];
            most = Math.max(most, Math.abs(change[i]));
        }
        for (int i = 0; i < change.length; i++) {
            change[i] = 0.5f + 0.45f * change[i] / most;
        }
        Picture difference = Rgb.picture(Tensor.floats(change, 1, 3, view.height(), view.width()), 0);
        Picture noise = method.fromNoise(darknet, target, SEED, Progress.NONE).picture(0);
        return new Montage(
                List.of(
                        cell(small(view), said(view)),
                        cell(small(fooled), said(fooled)),
                        cell(small(difference), String.format(Locale.ROOT, "the change × %.0f", 0.45 / most)),
                        cell(small(noise), said(noise))),
                4);
    }

    private static Picture small(Picture picture) {
        return Resampler.resize(picture, SIDE, SIDE, Resampling.LANCZOS);
    }

    private String said(Picture picture) {
        Model model = darknet.model();
        float[] logits = darknet.logits(model.preprocessing().apply(picture)).toFloats();
        int best = 0;
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        for (float logit : logits) {
            sum += Math.exp(logit - logits[best]);
        }
        return String.format(
                Locale.ROOT, "%s, %.0f %%", model.labels().name(best).split(",")[0], 100 / sum);
    }

    private Montage inverted() {
        Model model = darknet.model();
        Picture view = Resampler.resize(
                model.preprocessing().view(PictureReader.read(photos.resolve("chelsea.png"))),
                SMALL_SIDE,
                SMALL_SIDE,
                Resampling.LANCZOS);
        List<Value> layers = new ArrayList<>(model.anatomy().scales().subList(1, 5));
        layers.add(model.logits());
        List<Montage.Cell> cells = new ArrayList<>(List.of(cell(view, "the photo")));
        for (Value layer : layers) {
            Inversion usual = Inversion.USUAL;
            Inversion.Inverted made = new Inversion(
                            INVERSION_STEPS, usual.rate(), usual.alphaWeight(), usual.variationWeight())
                    .run(darknet, view, layer, SEED, Progress.NONE);
            cells.add(cell(
                    made.synthesis().picture(0),
                    String.format(
                            Locale.ROOT,
                            "%s: layer %.2f, picture %.2f",
                            layer.equals(model.logits()) ? "logits" : shortName(darknet, layer),
                            made.layerError(),
                            made.pictureError())));
        }
        return new Montage(cells, 6);
    }

    private Picture painted(ModelSession session, Picture content, Picture style, StyleTransfer method) {
        Model model = session.model();
        return method.run(
                        session,
                        content,
                        style,
                        new StyleTransfer.Chosen(
                                List.of(model.anatomy().content()),
                                model.anatomy().textures()),
                        new Start.Image(content),
                        SEED,
                        Search.Watch.NONE,
                        Progress.NONE)
                .picture(0);
    }

    private Montage painted() {
        Picture cat = photo("chelsea.png", SIDE);
        Picture coffee = photo("coffee.png", SIDE);
        Picture gravel = photo("gravel.png", SIDE);
        StyleTransfer usual = StyleTransfer.STYLE.withSteps(STYLE_STEPS);
        StyleTransfer luminance = new StyleTransfer(
                usual.steps(),
                usual.optimizer(),
                usual.contentWeight(),
                usual.styleWeight(),
                usual.variationWeight(),
                StyleTransfer.Colors.LUMINANCE);
        return new Montage(
                List.of(
                        cell(cat, "content"),
                        cell(coffee, "style"),
                        cell(painted(darknet, cat, coffee, usual), "Tiny Darknet"),
                        cell(painted(squeezenet, cat, coffee, usual), "SqueezeNet"),
                        cell(painted(squeezenet, cat, coffee, luminance), "SqueezeNet, colors kept"),
                        cell(painted(squeezenet, cat, gravel, usual), "SqueezeNet, style gravel")),
                3);
    }

    private Montage woven() {
        List<Montage.Cell> cells = new ArrayList<>();
        for (String name : List.of("gravel.png", "brick.png")) {
            Picture given = photo(name, SMALL_SIDE);
            cells.add(cell(given, name + ", given"));
            for (ModelSession session : List.of(darknet, squeezenet)) {
                Picture made = StyleTransfer.TEXTURE
                        .withSteps(TEXTURE_STEPS)
                        .run(
                                session,
                                given,
                                given,
                                new StyleTransfer.Chosen(
                                        List.of(), session.model().anatomy().textures()),
                                Start.NOISE,
                                SEED,
                                Search.Watch.NONE,
                                Progress.NONE)
                        .picture(0);
                cells.add(cell(made, session.model().name()));
            }
        }
        return new Montage(cells, 6);
    }
}
