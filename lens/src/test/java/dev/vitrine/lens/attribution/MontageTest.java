package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions.Entry;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method on a few photos, for a person to look at: {@code target/gallery/methods-MODEL.png}. */
@Tag("slow")
@NeedsShared
class MontageTest {
    private static final List<String> PHOTOS = List.of("chelsea.png", "astronaut.png", "coffee.png");
    private static final int COLUMNS = 9;

    /** Enough to look at. */
    private static final int MOST_EVALUATIONS = 100;

    static List<String> models() {
        return Nets.SHARED_MODELS;
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyMethod(String name) throws IOException {
        Model model = Nets.shared(name);
        Objective logit = ClassScore.of(ClassScore.Scale.LOGIT);
        List<Montage.Cell> cells = new ArrayList<>();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (String photo : PHOTOS) {
                Picture picture = Nets.photo(photo);
                Tensor image = model.preprocessing().apply(picture);
                long top = Nets.top(session.explainer(new Gradient(Gradient.Kind.PLAIN), logit)
                        .explain(image, ModelSession.targets(0), Progress.NONE)
                        .logits())[0];
                BufferedImage view = view(model.preprocessing().view(picture));
                cells.add(new Montage.Cell(view, model.labels().display((int) top)));
                for (Entry entry : AttributionContractTest.methods().toList()) {
                    Attribution method = entry.standard();
                    if (method.evaluations(model) > MOST_EVALUATIONS) {
                        method = entry.with(SettingValues.NONE.with("samples", MOST_EVALUATIONS));
                    }
                    Tensor found = session.explainer(method, logit)
                            .explain(image, ModelSession.targets(top), Progress.NONE)
                            .attribution();
                    cells.add(new Montage.Cell(drawn(model, method, found, view), entry.id()));
                }
                while (cells.size() % COLUMNS != 0) {
                    cells.add(new Montage.Cell(view, ""));
                }
            }
        }
        Path file = Path.of("target", "gallery", "methods-" + name + ".png");
        Files.createDirectories(file.getParent());
        Png.write(file, new Montage(cells, COLUMNS).image(), Map.of());
        assertThat(ImageIO.read(file.toFile()).getHeight())
                .isGreaterThan(9 * model.preprocessing().height());
    }

    private static BufferedImage view(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                image.setRGB(x, y, picture.color(x, y));
            }
        }
        return image;
    }

    private static BufferedImage drawn(Model model, Attribution method, Tensor found, BufferedImage view) {
        int channels = method.form() == Attribution.Form.MAP ? 1 : model.channels();
        int height = (int) found.dimension(model.preprocessing().layout() == Layout.NCHW ? 2 : 1);
        int width = (int) found.elements() / channels / height;
        float[] values = found.toFloats();
        if (method.reduction() == Attribution.Reduction.COLOR) {
            boolean reversed =
                    model.preprocessing().channels() == dev.vitrine.lens.model.preprocessing.ChannelOrder.BGR;
            float[] ordered = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                int channel = i / (height * width);
                ordered[(reversed ? 2 - channel : channel) * height * width + i % (height * width)] = values[i];
            }
            return HeatmapPainter.pixels(Tensor.floats(ordered, 3, height, width));
        }
        float[] scores = new float[height * width];
        for (int i = 0; i < values.length; i++) {
            int place = i % scores.length;
            scores[place] = method.reduction() == Attribution.Reduction.MAXIMUM
                    ? Math.max(scores[place], Math.abs(values[i]))
                    : scores[place] + values[i];
        }
        Heatmap heatmap = new Heatmap(
                Tensor.floats(scores, height, width),
                new Provenance(model.name(), "photo", "top", method.id(), method.options()));
        Polarity polarity =
                method.sign() == Attribution.Sign.SIGNED && method.reduction() != Attribution.Reduction.MAXIMUM
                        ? Polarity.SIGNED
                        : Polarity.UNSIGNED;
        Scale scale = Scale.robust(heatmap, polarity);
        return method.form() == Attribution.Form.MAP
                ? HeatmapPainter.OVERLAY.overlay(heatmap, scale, view)
                : HeatmapPainter.MAP.map(heatmap, scale, view.getWidth(), view.getHeight());
    }
}
