"""Trade: the merchants' wing. shops < catalogue < stock < orders."""
