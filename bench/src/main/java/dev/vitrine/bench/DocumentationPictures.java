package dev.vitrine.bench;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.render.ChannelReduction;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Draws the pictures of the manual: {@code docs/images/explanations.png} for the README, and for each method
 * {@code docs/images/methods/ID.png}.
 *
 * <p>Arguments: the shared folder and the folder of pictures, {@code ../shared docs/images} where left out; then the
 * methods whose pictures are drawn, all of them and the README's where left out.
 */
public final class DocumentationPictures {
    private static final List<String> README_METHODS = List.of(
            "grad-cam", "integrated-gradients", "smooth-grad-squared", "guided-backprop", "lrp-epsilon-gamma-box");
    private static final int README_BYTES = 800_000;
    private static final int[] COLORS = {256, 192, 128, 96, 64, 48, 32};
    private static final int METHOD_BYTES = 60_000;
    private static final int METHOD_SIDE = 144;

    private final ModelSession session;
    private final Picture picture;
    private final Tensor image;
    private final int target;

    private DocumentationPictures(ModelSession session, Path photo) {
        this(session, photo, likeliest(session, photo));
    }

    private DocumentationPictures(ModelSession session, Path photo, int target) {
        this.session = session;
        this.picture = PictureReader.read(photo);
        this.image = session.model().preprocessing().apply(picture);
        this.target = target;
    }

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        Path target = Path.of(arguments.length > 1 ? arguments[1] : "docs/images");
        try (Runner runner = new OnnxRuntimeRunner();
                ModelSession darknet = open("tiny-darknet", shared, runner);
                ModelSession squeezenet = open("squeezenet-caltech101", shared, runner)) {
            Path photos = shared.resolve("data/photos");
            DocumentationPictures cat = new DocumentationPictures(darknet, photos.resolve("chelsea.png"));
            DocumentationPictures coffee = new DocumentationPictures(squeezenet, photos.resolve("coffee.png"));
            List<String> chosen = List.of(arguments).subList(Math.min(2, arguments.length), arguments.length);
            if (chosen.isEmpty()) {
                List<Montage.Cell> cells = new ArrayList<>(List.of(cat.photo()));
                for (String id : README_METHODS) {
                    cells.add(cat.explained(Attributions.find(id)));
                }
                write(target.resolve("explanations.png"), new Montage(cells, 3).image(), README_BYTES);
            }
            for (Attributions.Entry entry : Attributions.ALL) {
                if (!chosen.isEmpty() && !chosen.contains(entry.id())) {
                    continue;
                }
                if (entry.id().equals("d-rise")) {
                    detection(entry, shared, target, runner);
                    continue;
                }
                List<Montage.Cell> row = List.of(
                        cat.photo(),
                        cat.explained(entry),
                        new Montage.Cell(
                                coffee.explained(entry).picture(),
                                coffee.photo().caption()));
                List<Montage.Cell> small = row.stream()
                        .map(cell -> new Montage.Cell(smaller(cell.picture()), cell.caption()))
                        .toList();
                Path file = target.resolve("methods").resolve(entry.id() + ".png");
                write(file, new Montage(small, row.size()).image(), METHOD_BYTES);
            }
        }
    }

    /** A row for a detector: a face with its D-RISE and RISE maps. */
    private static void detection(Attributions.Entry entry, Path shared, Path target, Runner runner)
            throws IOException {
        Path file = shared.resolve("models/zoo/ultraface-rfb-320.onnx");
        try (ModelSession session = new ModelSession(
                new ModelLoader(runner)
                        .load(
                                file,
                                card -> card.withPreprocessing(faces(card.preprocessing()))
                                        .withLabels(Labels.of(List.of("background", "face")))),
                runner)) {
            DocumentationPictures face =
                    new DocumentationPictures(session, shared.resolve("data/photos/astronaut.png"), 1);
            List<Montage.Cell> small =
                    List.of(face.photo(), face.explained(entry), face.explained(Attributions.find("rise"))).stream()
                            .map(cell -> new Montage.Cell(smaller(cell.picture()), cell.caption()))
                            .toList();
            write(
                    target.resolve("methods").resolve(entry.id() + ".png"),
                    new Montage(small, small.size()).image(),
                    METHOD_BYTES);
        }
    }

    /** The detector's training normalization: (x − 127) / 128 of values 0..255. */
    private static Preprocessing faces(Preprocessing found) {
        return new Preprocessing(
                found.width(),
                found.height(),
                Fit.SQUASH,
                found.resampling(),
                found.channels(),
                found.layout(),
                new Normalization(0, 255, List.of(127.0, 127.0, 127.0), List.of(128.0, 128.0, 128.0)));
    }

    private static ModelSession open(String name, Path shared, Runner runner) {
        return new ModelSession(new ModelLoader(runner).load(shared.resolve("models/" + name + ".onnx")), runner);
    }

    private static int likeliest(ModelSession session, Path photo) {
        Tensor image = session.model().preprocessing().apply(PictureReader.read(photo));
        float[] scores = session.logits(image).toFloats();
        int best = 0;
        for (int i = 0; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    private Montage.Cell photo() {
        Model model = session.model();
        String label = model.labels().name(target).split(",")[0];
        return new Montage.Cell(view(), model.name() + ": " + label);
    }

    private BufferedImage view() {
        Picture view = session.model().preprocessing().view(picture);
        BufferedImage shown = new BufferedImage(view.width(), view.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < view.height(); y++) {
            for (int x = 0; x < view.width(); x++) {
                shown.setRGB(x, y, view.color(x, y));
            }
        }
        return shown;
    }

    private Montage.Cell explained(Attributions.Entry entry) {
        Attribution method = entry.standard();
        Tensor attribution = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                .explain(image, ModelSession.targets(target), Progress.NONE)
                .attribution();
        return new Montage.Cell(drawn(method, attribution), entry.title());
    }

    /** As {@code vitrine explain} draws it: maps over the photo, the numbers of pixels alone. */
    private BufferedImage drawn(Attribution method, Tensor attribution) {
        Model model = session.model();
        if (method.reduction() == Attribution.Reduction.COLOR) {
            return HeatmapPainter.pixels(ChannelReduction.colors(attribution, model.preprocessing()));
        }
        Tensor scores = ChannelReduction.heat(
                method.shown(attribution, model),
                method.form(),
                model.preprocessing().layout(),
                method.reduction());
        Heatmap heatmap = new Heatmap(
                scores, new Provenance(model.name(), "photo", "likeliest class", method.id(), method.options()));
        boolean signed = method.reduction() == Attribution.Reduction.SUM && method.sign() == Attribution.Sign.SIGNED;
        Scale scale = Scale.robust(heatmap, signed ? Polarity.SIGNED : Polarity.UNSIGNED);
        BufferedImage view = view();
        return method.form() == Attribution.Form.MAP
                ? HeatmapPainter.OVERLAY.overlay(heatmap, scale, view)
                : HeatmapPainter.MAP.map(heatmap, scale, view.getWidth(), view.getHeight());
    }

    private static BufferedImage smaller(BufferedImage large) {
        BufferedImage small = new BufferedImage(METHOD_SIDE, METHOD_SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(large, 0, 0, METHOD_SIDE, METHOD_SIDE, null);
        } finally {
            graphics.dispose();
        }
        return small;
    }

    /** In as many colors as the file may take. */
    private static void write(Path file, BufferedImage picture, int bytes) throws IOException {
        byte[] encoded = Png.bytes(picture);
        for (int i = 0; i < COLORS.length && encoded.length > bytes; i++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            ImageIO.write(Palette.reduced(picture, COLORS[i]), "png", stream);
            encoded = stream.toByteArray();
        }
        if (encoded.length > bytes) {
            throw new IOException(file + ": " + encoded.length + " bytes; expected at most " + bytes);
        }
        System.out.println(file + ": " + encoded.length + " bytes");
        OutputFile.write(file, encoded);
    }
}
