package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Choices;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.head.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The positions of a map, or the box of a detector, whose score is explained. */
public final class RegionOptions {
    private static final int BRIGHT = 128;

    /** The regions that need no numbers. */
    private enum Named {
        ALL,
        BEST,
        PREDICTED
    }

    private static final class NamedWords extends Choices.Words<Named> {
        NamedWords() {
            super(Named.class);
        }
    }

    @Option(
            names = "--region",
            converter = NamedWords.class,
            paramLabel = "all|best|predicted",
            description = "For networks whose output is a map or a list of boxes: a class's score is its sum over all"
                    + " positions, its maximum, or the sum over the positions where it is the top class. Default: all"
                    + " for"
                    + " maps, best for detectors.")
    private Optional<Named> named;

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "Sum over the bright pixels of this mask, a picture in the size of the explained picture, of"
                    + " the network's input or of its output.")
    private Optional<Path> mask;

    @Option(
            names = "--box",
            paramLabel = "X,Y,W,H",
            description = "Sum over the positions in this rectangle of the network's input, in pixels.")
    private Optional<String> box;

    @Option(
            names = "--place",
            paramLabel = "X,Y",
            description = "Explain the output position at this pixel of the network's input.")
    private Optional<String> place;

    @Option(names = "--detection", paramLabel = "N", description = "Explain one box of a detector, by index from 0.")
    private Optional<Integer> detection;

    /** The card with the requested region. */
    public ModelCard onto(ModelCard card) {
        List<Region> asked = new ArrayList<>();
        named.ifPresent(kind -> asked.add(
                switch (kind) {
                    case ALL -> new Region.Everywhere();
                    case BEST -> new Region.Best();
                    case PREDICTED -> new Region.Predicted();
                }));
        mask.ifPresent(path -> asked.add(mask(path, card)));
        box.ifPresent(text -> {
            int[] sides = numbers("--box", text, 4, "10,20,64,48");
            asked.add(new Region.Box(sides[0], sides[1], sides[2], sides[3]));
        });
        place.ifPresent(text -> {
            int[] at = numbers("--place", text, 2, "10,20");
            asked.add(new Region.Place(at[0], at[1]));
        });
        detection.ifPresent(number -> asked.add(new Region.Numbered(number)));
        if (asked.size() > 1) {
            throw VitrineException.usage("Found " + asked.size()
                    + " of --region, --mask, --box, --place and --detection; expected one of them.");
        }
        return asked.isEmpty() ? card : card.withOutput(card.output().withRegion(asked.get(0)));
    }

    private static int[] numbers(String option, String text, int count, String example) {
        if (!text.strip().matches("\\d{1,6}(,\\d{1,6}){" + (count - 1) + "}")) {
            throw VitrineException.usage(option + " '" + text + "': expected " + count
                    + " comma-separated integers in pixels, such as " + example + ".");
        }
        return Pattern.compile(",")
                .splitAsStream(text.strip())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** A mask in the picture's own size is fitted as the picture is. */
    private static Region mask(Path path, ModelCard card) {
        Picture read = PictureReader.read(path);
        int width = card.preprocessing().width();
        int height = card.preprocessing().height();
        boolean larger = read.width() > width || read.height() > height;
        Picture mask = larger ? card.preprocessing().view(read) : read;
        BitSet bright = new BitSet(mask.width() * mask.height());
        for (int at = 0; at < mask.width() * mask.height(); at++) {
            bright.set(at, Picture.luminance(mask.color(at % mask.width(), at / mask.width())) >= BRIGHT);
        }
        return new Region.Mask(path.getFileName().toString(), mask.width(), mask.height(), bright);
    }
}
