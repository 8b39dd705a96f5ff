package dev.vitrine.bench;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.unit.example.ExamplePainter;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Probe;
import dev.vitrine.study.unit.page.ExampleSheet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Draws {@code docs/images/how-to/units.png}: units of SqueezeNet over Caltech-101 (CC BY 4.0).
 *
 * <p>Arguments: the shared folder and the file to write; then layers and channels such as {@code fire4:3}, the manual's
 * where left out.
 */
public final class UnitPictures {
    private static final List<String> UNITS = List.of(
            "/Relu_output_0:5",
            "/Relu_output_0:20",
            "/fire5/Concat_output_0:20",
            "/fire5/Concat_output_0:140",
            "/fire9/Concat_output_0:444",
            "/fire9/Concat_output_0:222");
    private static final int TILE = 56;
    private static final int COLUMNS = 2;
    private static final int BYTES = 300_000;
    private static final int[] COLORS = {256, 192, 128, 96, 64};

    private UnitPictures() {}

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        Path target = Path.of(arguments.length > 1 ? arguments[1] : "docs/images/how-to/units.png");
        List<String> units = arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : UNITS;
        try (Runner runner = new OnnxRuntimeRunner();
                PictureSource source = PictureSource.open(shared.resolve("data/caltech101.zip"));
                ModelSession session = new ModelSession(
                        new ModelLoader(runner).load(shared.resolve("models/squeezenet-caltech101.onnx")), runner)) {
            List<ChannelLayer> layers = units.stream()
                    .map(unit -> unit.substring(0, unit.lastIndexOf(':')))
                    .distinct()
                    .map(name -> ChannelLayer.find(session.model(), name))
                    .toList();
            Examples examples = ExampleSearch.of(session.model(), source, layers, 9, 0)
                    .run(StudyContext.of(session))
                    .result();
            List<Montage.Cell> cells = new ArrayList<>();
            for (String unit : units) {
                int colon = unit.lastIndexOf(':');
                int channel = Integer.parseInt(unit.substring(colon + 1));
                ChannelLayer layer = ChannelLayer.find(session.model(), unit.substring(0, colon));
                ExamplePainter painter = new ExamplePainter(session, source, Probe.of(layer), TILE);
                BufferedImage sheet = ExampleSheet.image(
                        painter.draw(channel, examples.strongest(layers.indexOf(layer), channel)), TILE);
                cells.add(
                        new Montage.Cell(sheet, session.model().name() + ", " + layer.name() + ", channel " + channel));
            }
            write(target, new Montage(cells, COLUMNS).image());
        }
    }

    /** In as many colors as the file may take. */
    private static void write(Path file, BufferedImage picture) throws IOException {
        for (int colors : COLORS) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            ImageIO.write(Palette.reduced(picture, colors), "png", stream);
            if (stream.size() <= BYTES) {
                OutputFile.write(file, stream.toByteArray());
                System.out.println(file + ": " + stream.size() + " bytes, " + colors + " colors");
                return;
            }
        }
        throw new IOException(file + ": more than " + BYTES + " bytes");
    }
}
