package dev.vitrine.app.attack;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attack.search.OnePixel;
import dev.vitrine.lens.attack.search.PixelMap;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Resampling;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** {@code --map}: how far each single pixel of a picture can move the answer. */
record PixelMapRun(Terminal terminal, Path out) {
    private static final int SIDE = 320;

    int of(Attack attack, List<Path> images, Supplier<OpenModel> opened) {
        if (!(attack instanceof OnePixel) || images.size() != 1) {
            throw VitrineException.usage("--map: found the method '" + attack.id() + "' and " + images.size()
                    + " pictures; expected --method one-pixel and one IMAGE.");
        }
        Path image = images.get(0);
        Picture picture = PictureReader.read(image);
        try (OpenModel open = opened.get();
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            Picture view = model.preprocessing().view(picture);
            ProgressLine progress = ProgressLine.of("pixels", terminal);
            PixelMap map = PixelMap.of(new Victim(open.session()), new PictureValues(model).of(view), progress);
            progress.end();
            String stem = image.getFileName().toString().replaceFirst("\\.[^.]*$", "");
            Npy.write(out.resolve(stem + "-pixel-map.npy"), Tensor.floats(map.rise(), map.height(), map.width()));
            Png.write(out.resolve(stem + "-pixel-map.png"), sheet(map, view, model), Map.of());
            int place = map.strongest();
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %s: %d of %d pixels change the answer by themselves; the strongest, row %d, column %d,"
                                    + " moves the log-odds by %.2f, to %s",
                            model.display(map.label()),
                            map.turning(),
                            map.rise().length,
                            place / map.width(),
                            place % map.width(),
                            map.rise()[place],
                            model.display(map.reached()[place])));
            terminal.out().println(out.resolve(stem + "-pixel-map.png"));
            return 0;
        }
    }

    private static BufferedImage sheet(PixelMap map, Picture view, Model model) {
        Heatmap heat = new Heatmap(
                Tensor.floats(map.rise(), map.height(), map.width()),
                new Provenance(model.name(), "", model.display(map.label()), "one-pixel", Map.of()));
        int height = SIDE * map.height() / map.width();
        return new Montage(
                        List.of(
                                new Montage.Cell(
                                        Images.resized(Images.of(view), SIDE, height), model.display(map.label())),
                                new Montage.Cell(
                                        HeatmapPainter.MAP
                                                .with(Resampling.NEAREST)
                                                .map(heat, Scale.robust(heat), SIDE, height),
                                        String.format(
                                                Locale.ROOT,
                                                "one pixel, log-odds up to %.1f",
                                                map.rise()[map.strongest()]))),
                        2)
                .image();
    }
}
