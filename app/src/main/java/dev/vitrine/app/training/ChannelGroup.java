package dev.vitrine.app.training;

import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Number of channels removed at each step; an eighth of the layer if no number is given. */
record ChannelGroup(Optional<Integer> size) {
    /** Reads a number, or {@code auto}. */
    static final class Reader implements ITypeConverter<ChannelGroup> {
        @Override
        public ChannelGroup convert(String text) {
            if (text.equals("auto")) {
                return new ChannelGroup(Optional.empty());
            }
            if (!text.matches("0*[1-9]\\d{0,8}")) {
                throw new TypeConversionException("--group " + text
                        + ": expected a number of channels, at least 1, or auto for an eighth of each layer.");
            }
            return new ChannelGroup(Optional.of(Integer.valueOf(text)));
        }
    }
}
