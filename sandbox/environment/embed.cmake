# cmake -DIN=file -DOUT=file.inc -DNAME=symbol -P embed.cmake: a text file as a constant, so that the
# program needs no folder of data beside it.
file(READ ${IN} content)
# Compilers need not take literals above 64 KiB; adjacent ones are joined.
file(WRITE ${OUT} "#pragma once\n\nstatic constexpr const char* ${NAME} = R\"=embed=(${content})=embed=\";\n")
